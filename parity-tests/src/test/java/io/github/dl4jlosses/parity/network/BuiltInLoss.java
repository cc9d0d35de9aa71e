/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.spec.SpecHead;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** DL4J's losses that a swap replaces, each with labels that it takes, and what torch computes of them. */
enum BuiltInLoss {
    MCXENT(Labels.ONE_HOT, false),
    MCXENT_OF_SHARES(Labels.SHARES, false),
    WEIGHTED_MCXENT(Labels.ONE_HOT, true),
    WEIGHTED_MCXENT_OF_SHARES(Labels.SHARES, true),
    NEGATIVE_LOG_LIKELIHOOD(Labels.ONE_HOT, false),
    WEIGHTED_NEGATIVE_LOG_LIKELIHOOD(Labels.ONE_HOT, true),
    SPARSE(Labels.INDICES, false),
    WEIGHTED_SPARSE(Labels.INDICES, true),
    BINARY(Labels.YES_OR_NO, false),
    WEIGHTED_BINARY(Labels.YES_OR_NO, true),
    KLD(Labels.SHARES, false);

    /** What stands in the labels. */
    enum Labels {
        ONE_HOT,
        /** Numbers that add up to 1. */
        SHARES,
        INDICES,
        /** 0 or 1 for each output. */
        YES_OR_NO
    }

    /** Of the classes. */
    static final double[] WEIGHTS = {.5, 2, 4};

    final Labels labels;
    final boolean weighted;

    BuiltInLoss(Labels labels, boolean weighted) {
        this.labels = labels;
        this.weighted = weighted;
    }

    /** The one of a loss without weights, and labels of a kind. */
    static BuiltInLoss of(ILossFunction loss, Labels labels) {
        return Stream.of(values())
                .filter(each -> !each.weighted && each.labels == labels)
                .filter(each -> each.simpleName().equals(loss.getClass().getSimpleName()))
                .findFirst()
                .orElseThrow();
    }

    ILossFunction loss() {
        INDArray weights = weighted ? Nd4j.createFromArray(new double[][] {WEIGHTS}) : null;
        return switch (this) {
            case MCXENT, MCXENT_OF_SHARES, WEIGHTED_MCXENT, WEIGHTED_MCXENT_OF_SHARES -> new LossMCXENT(weights);
            case NEGATIVE_LOG_LIKELIHOOD, WEIGHTED_NEGATIVE_LOG_LIKELIHOOD -> new LossNegativeLogLikelihood(weights);
            case SPARSE, WEIGHTED_SPARSE -> new LossSparseMCXENT(weights);
            case BINARY, WEIGHTED_BINARY -> new LossBinaryXENT(weights);
            case KLD -> new LossKLD();
        };
    }

    String simpleName() {
        return loss().getClass().getSimpleName();
    }

    SpecHead head() {
        return isBinary() ? SpecHead.SIGMOID : SpecHead.SOFTMAX;
    }

    boolean isBinary() {
        return labels == Labels.YES_OR_NO;
    }

    boolean isKld() {
        return this == KLD;
    }

    /**
     * Torch's sum of the rows {@code z} and labels {@code t}, both [rows, C], whose flag in {@code keep} is set: what DL4J adds
     * up. A class is a row with a 1, so that rows which do not add up to 1 have their loss too.
     */
    String sum() {
        String weight = weighted ? weights() : "torch.ones([1], dtype=7)";
        return isBinary()
                ? "torch.sum(" + keptOutputs() + ")"
                : keptRows()
                        + (isKld()
                                ? "torch.kl_div(torch.log_softmax(x, 1), y, 2)"
                                : "torch.neg(torch.sum(torch.mul(torch.mul(torch.log_softmax(x, 1), y), " + weight
                                        + ")))");
    }

    /** The mean that a PyTorch user has of the same: of indices, but for shares. */
    String mean() {
        return isBinary()
                ? "torch.mean(" + keptOutputs() + ")"
                : keptRows() + "torch.cross_entropy_loss(x, "
                        + (labels == Labels.SHARES ? "y" : "torch.argmax(y, 1)") + ", "
                        + (weighted ? weights() : "None") + ", 1, -100, 0.0)";
    }

    private String keptOutputs() {
        return "torch.masked_select(torch.binary_cross_entropy_with_logits(z, t, " + (weighted ? weights() : "None")
                + ", None, 0), keep)";
    }

    private static String keptRows() {
        return """
                rows = torch.flatten(torch.nonzero(torch.select(keep, 1, 0)))
                x = torch.index_select(z, 0, rows)
                y = torch.index_select(t, 0, rows)
                """;
    }

    private static String weights() {
        return "torch.tensor(["
                + String.join(
                        ", ",
                        DoubleStream.of(WEIGHTS).mapToObj(Double::toString).toList())
                + "], dtype=7)";
    }
}
