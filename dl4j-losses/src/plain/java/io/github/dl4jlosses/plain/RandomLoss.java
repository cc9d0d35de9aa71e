/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.plain;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import java.util.Random;

/** A loss with random options, each of them drawn now and then. */
final class RandomLoss {
    private static final double[] SMOOTHINGS = {0, 0, 0, .1, .5, 1};

    private static final double[] DELTAS = {1, 1, .25, 3, 1e-3, 1e6};

    private final Random random;
    private final int classes;
    private final PlainTarget form;

    /**
     * @param random what to draw from
     * @param classes the classes, or outputs, that weights are for
     * @param form what the targets will be
     */
    RandomLoss(Random random, int classes, PlainTarget form) {
        this.random = random;
        this.classes = classes;
        this.form = form;
    }

    TorchLoss of(PlainFamily family) {
        if (family == PlainFamily.CROSS_ENTROPY) {
            CrossEntropyLoss.Builder builder = with(CrossEntropyLoss.builder(), false)
                    .ignoreIndex(ignoreIndex())
                    .labelSmoothing(oneIn(6) ? random.nextDouble() : SMOOTHINGS[random.nextInt(SMOOTHINGS.length)])
                    .targetFormat(form == PlainTarget.ONE_HOT ? TargetFormat.ONE_HOT : TargetFormat.AUTO);
            return (oneIn(2) ? builder : builder.weight(weights(false))).build();
        }
        if (family == PlainFamily.NLL) {
            NLLLoss.Builder builder = with(NLLLoss.builder(), false)
                    .ignoreIndex(ignoreIndex())
                    .targetFormat(oneIn(2) && form == PlainTarget.ONE_HOT ? TargetFormat.ONE_HOT : TargetFormat.AUTO);
            return (oneIn(2) ? builder : builder.weight(weights(false))).build();
        }
        if (family == PlainFamily.BCE) {
            BCELoss.Builder builder = with(BCELoss.builder(), false);
            return (oneIn(2) ? builder : builder.weight(weights(true))).build();
        }
        if (family == PlainFamily.BCE_WITH_LOGITS) {
            BCEWithLogitsLoss.Builder builder = with(BCEWithLogitsLoss.builder(), false);
            builder = oneIn(2) ? builder : builder.weight(weights(true));
            return (oneIn(2) ? builder : builder.posWeight(weights(true))).build();
        }
        if (family == PlainFamily.HUBER) {
            return with(HuberLoss.builder(), false)
                    .delta(DELTAS[random.nextInt(DELTAS.length)])
                    .build();
        }
        if (family == PlainFamily.KL_DIV) {
            return with(KLDivLoss.builder(), true).logTarget(oneIn(2)).build();
        }
        throw new IllegalArgumentException("RandomLoss draws no options for " + family);
    }

    private <B extends LossBuilder<B>> B with(B builder, boolean hasBatchMean) {
        Reduction[] reductions = Reduction.values();
        Reduction reduction = reductions[random.nextInt(reductions.length)];
        return builder.reduction(reduction == Reduction.BATCHMEAN && !hasBatchMean ? Reduction.MEAN : reduction)
                .miniBatch(oneIn(2))
                .positionsPerExample(oneIn(2) ? 1 : 1 + random.nextInt(4))
                .emptyMean(oneIn(2) ? EmptyMean.NAN : EmptyMean.ZERO);
    }

    private long ignoreIndex() {
        if (form == PlainTarget.DENSE) {
            // a class cannot be ignored where every class has a probability
            return -100;
        }
        long[] indices = {random.nextInt(Math.max(1, classes)), 120, -1, -100};
        return indices[random.nextInt(indices.length)];
    }

    /** Multiples of 1/16, which every floating type holds exactly; zeros and negative ones among them. */
    private double[] weights(boolean mayBeSingle) {
        double[] weights = new double[mayBeSingle && oneIn(3) ? 1 : Math.max(1, classes)];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = oneIn(12) ? 0 : (oneIn(30) ? -1 : 1) * (1 + random.nextInt(48)) / 16.0;
        }
        return weights;
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }
}
