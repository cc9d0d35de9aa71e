/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static io.github.dl4jlosses.Reduction.BATCHMEAN;
import static io.github.dl4jlosses.Reduction.SUM;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;

/** A loss with options in use, and the labels that go with it. */
enum LossOptions {
    BCE_MEAN(Labels.OUTPUTS),
    BCE_WEIGHTED_MEAN(Labels.OUTPUTS),
    BCE_WEIGHTED_SUM(Labels.OUTPUTS),
    LOGITS_MEAN(Labels.OUTPUTS),
    LOGITS_WEIGHTED_POS_WEIGHTED_MEAN(Labels.OUTPUTS),
    LOGITS_POS_WEIGHTED_SUM(Labels.OUTPUTS),
    NLL_INDEX_MEAN(Labels.INDEX),
    NLL_INDEX_WEIGHTED_IGNORING_MEAN(Labels.INDEX),
    NLL_INDEX_WEIGHTED_IGNORING_SUM(Labels.INDEX),
    NLL_ONE_HOT_WEIGHTED_MEAN(Labels.ONE_HOT),
    CE_INDEX_MEAN(Labels.INDEX),
    CE_INDEX_WEIGHTED_SMOOTHED_IGNORING_MEAN(Labels.INDEX),
    CE_INDEX_WEIGHTED_SMOOTHED_IGNORING_SUM(Labels.INDEX),
    CE_ONE_HOT_WEIGHTED_SMOOTHED_MEAN(Labels.ONE_HOT),
    CE_PROBABILITIES_WEIGHTED_SMOOTHED_MEAN(Labels.OUTPUTS),
    CE_PROBABILITIES_SUM(Labels.OUTPUTS),
    KL_MEAN(Labels.OUTPUTS),
    KL_LOG_TARGET_SUM(Labels.LOGARITHMS),
    KL_BATCHMEAN(Labels.OUTPUTS),
    HUBER_MEAN(Labels.OUTPUTS),
    HUBER_DELTA_SUM(Labels.OUTPUTS);

    /** What a label holds. */
    enum Labels {
        /** One class per row, as its index. */
        INDEX,
        /** One class per row, as a 1 among zeros; only zeros where torch ignores the row. */
        ONE_HOT,
        /** A number from 0 to 1 for each output. */
        OUTPUTS,
        /** The logarithm of such a number. */
        LOGARITHMS;

        boolean areClasses() {
            return this == INDEX || this == ONE_HOT;
        }
    }

    private final Labels labels;

    LossOptions(Labels labels) {
        this.labels = labels;
    }

    TorchLoss loss(Convention c) {
        return switch (this) {
            case BCE_MEAN -> c.on(BCELoss.builder()).build();
            case BCE_WEIGHTED_MEAN -> c.on(BCELoss.builder()).weight(weights()).build();
            case BCE_WEIGHTED_SUM ->
                c.on(BCELoss.builder()).weight(weights()).reduction(SUM).build();
            case LOGITS_MEAN -> c.on(BCEWithLogitsLoss.builder()).build();
            case LOGITS_WEIGHTED_POS_WEIGHTED_MEAN ->
                c.on(BCEWithLogitsLoss.builder())
                        .weight(weights())
                        .posWeight(3, .5, 1.5)
                        .build();
            case LOGITS_POS_WEIGHTED_SUM ->
                c.on(BCEWithLogitsLoss.builder()).posWeight(2.5).reduction(SUM).build();
            case NLL_INDEX_MEAN -> c.on(NLLLoss.builder()).build();
            case NLL_INDEX_WEIGHTED_IGNORING_MEAN ->
                c.on(NLLLoss.builder()).weight(weights()).ignoreIndex(255).build();
            case NLL_INDEX_WEIGHTED_IGNORING_SUM ->
                c.on(NLLLoss.builder())
                        .weight(weights())
                        .ignoreIndex(-1)
                        .reduction(SUM)
                        .build();
            case NLL_ONE_HOT_WEIGHTED_MEAN ->
                c.on(NLLLoss.builder()).weight(weights()).build();
            case CE_INDEX_MEAN -> c.on(CrossEntropyLoss.builder()).build();
            case CE_INDEX_WEIGHTED_SMOOTHED_IGNORING_MEAN ->
                c.on(CrossEntropyLoss.builder())
                        .weight(weights())
                        .labelSmoothing(.2)
                        .ignoreIndex(1)
                        .build();
            case CE_INDEX_WEIGHTED_SMOOTHED_IGNORING_SUM ->
                c.on(CrossEntropyLoss.builder())
                        .weight(weights())
                        .labelSmoothing(.2)
                        .reduction(SUM)
                        .build();
            case CE_ONE_HOT_WEIGHTED_SMOOTHED_MEAN ->
                c.on(CrossEntropyLoss.builder())
                        .weight(weights())
                        .labelSmoothing(.1)
                        .targetFormat(TargetFormat.ONE_HOT)
                        .build();
            case CE_PROBABILITIES_WEIGHTED_SMOOTHED_MEAN ->
                c.on(CrossEntropyLoss.builder())
                        .weight(weights())
                        .labelSmoothing(.1)
                        .build();
            case CE_PROBABILITIES_SUM ->
                c.on(CrossEntropyLoss.builder()).reduction(SUM).build();
            case KL_MEAN -> c.on(KLDivLoss.builder()).build();
            case KL_LOG_TARGET_SUM ->
                c.on(KLDivLoss.builder()).logTarget(true).reduction(SUM).build();
            case KL_BATCHMEAN -> c.on(KLDivLoss.builder()).reduction(BATCHMEAN).build();
            case HUBER_MEAN -> c.on(HuberLoss.builder()).build();
            case HUBER_DELTA_SUM ->
                c.on(HuberLoss.builder()).delta(.25).reduction(SUM).build();
        };
    }

    TorchLoss loss() {
        return loss(Convention.DEFAULT);
    }

    Labels labels() {
        return labels;
    }

    /** Multiples of 1/16, which float32 holds exactly; the middle class is heavier than the others together. */
    private static double[] weights() {
        return new double[] {.75, 3.5, 1.0625};
    }
}
