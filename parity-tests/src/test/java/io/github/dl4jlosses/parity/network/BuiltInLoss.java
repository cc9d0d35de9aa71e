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
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
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
    KLD(Labels.SHARES, false),
    MSE(Labels.NUMBERS, SpecHead.IDENTITY),
    MSE_OF_SHARES(Labels.SHARES, SpecHead.SOFTMAX),
    L2(Labels.NUMBERS, SpecHead.TANH),
    MAE(Labels.NUMBERS, SpecHead.TANH),
    L1(Labels.NUMBERS, SpecHead.IDENTITY),
    POISSON(Labels.COUNTS, SpecHead.SIGMOID);

    /** What stands in the labels. */
    enum Labels {
        ONE_HOT,
        /** Numbers that add up to 1. */
        SHARES,
        INDICES,
        /** 0 or 1 for each output. */
        YES_OR_NO,
        /** Of any sign. */
        NUMBERS,
        /** 0, 1, 2 and so on. */
        COUNTS
    }

    /** Of the classes. */
    static final double[] WEIGHTS = {.5, 2, 4};

    final Labels labels;
    final boolean weighted;
    private final SpecHead head;
    private final boolean regression;

    BuiltInLoss(Labels labels, boolean weighted) {
        this(labels, weighted, labels == Labels.YES_OR_NO ? SpecHead.SIGMOID : SpecHead.SOFTMAX, false);
    }

    /** Of numbers, under any head. */
    BuiltInLoss(Labels labels, SpecHead head) {
        this(labels, false, head, true);
    }

    BuiltInLoss(Labels labels, boolean weighted, SpecHead head, boolean regression) {
        this.labels = labels;
        this.weighted = weighted;
        this.head = head;
        this.regression = regression;
    }

    /** The one of a loss without weights, and labels of a kind, which for regression may be any. */
    static BuiltInLoss of(ILossFunction loss, Labels labels) {
        return Stream.of(values())
                .filter(each -> !each.weighted && (each.regression || each.labels == labels))
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
            case MSE, MSE_OF_SHARES -> new LossMSE();
            case L2 -> new LossL2();
            case MAE -> new LossMAE();
            case L1 -> new LossL1();
            case POISSON -> new LossPoisson();
        };
    }

    String simpleName() {
        return loss().getClass().getSimpleName();
    }

    SpecHead head() {
        return head;
    }

    boolean isBinary() {
        return labels == Labels.YES_OR_NO;
    }

    /** Whether it is computed of what the layer shows, whatever its activation. */
    boolean isRegression() {
        return regression;
    }

    /** Whether each output has a loss of its own. */
    boolean isPerOutput() {
        return isBinary() || regression;
    }

    /** Whether DL4J divides it by the number of outputs. */
    boolean isMeanOfOutputs() {
        return this == MSE || this == MSE_OF_SHARES || this == MAE;
    }

    /** Framework bug: LossMAE does not divide the score of an example by the outputs. The true ones in units of DL4J's. */
    double scoresOfExamples() {
        return this == MAE ? 1.0 / LayerKind.CLASSES : 1;
    }

    /** Torch adds an eps to rates, DL4J none. */
    boolean isPoisson() {
        return this == POISSON;
    }

    boolean isKld() {
        return this == KLD;
    }

    /** What makes {@code x}, which a regression is computed of, from the rows {@code z} of the pre-output. */
    String seen() {
        return regression ? "x = " + head.inTorch() + "\n" : "";
    }

    /** What DL4J adds up, as {@link #torchsSum} but for what is DL4J's own: no eps, and the division by the outputs. */
    String sum() {
        return regression ? overOutputs("torch.sum(" + keptOutputs(0) + ")") : torchsSum();
    }

    /** With torch's eps. */
    String sumWithTorchsEps() {
        return regression ? overOutputs(torchsSum()) : torchsSum();
    }

    private String overOutputs(String sum) {
        return isMeanOfOutputs() ? "torch.div(" + sum + ", x.size(1))" : sum;
    }

    /**
     * Torch's sum of the rows {@code z} and labels {@code t}, both [rows, C], whose flag in {@code keep} is set: what DL4J adds
     * up. A class is a row with a 1, so that rows which do not add up to 1 have their loss too.
     */
    String torchsSum() {
        String weight = weighted ? weights() : "torch.ones([1], dtype=7)";
        return isPerOutput()
                ? "torch.sum(" + keptOutputs(1e-8) + ")"
                : keptRows()
                        + (isKld()
                                ? "torch.kl_div(torch.log_softmax(x, 1), y, 2)"
                                : "torch.neg(torch.sum(torch.mul(torch.mul(torch.log_softmax(x, 1), y), " + weight
                                        + ")))");
    }

    /** The mean that a PyTorch user has of the same, of a divergence the batchmean: of indices, but for shares. */
    String mean() {
        if (isKld()) {
            return keptRows() + "torch.div(torch.kl_div(torch.log_softmax(x, 1), y, 2), x.size(0))";
        }
        return isPerOutput()
                ? "torch.mean(" + keptOutputs(1e-8) + ")"
                : keptRows() + "torch.cross_entropy_loss(x, "
                        + (labels == Labels.SHARES ? "y" : "torch.argmax(y, 1)") + ", "
                        + (weighted ? weights() : "None") + ", 1, -100, 0.0)";
    }

    /** The mean of torch without its eps. */
    String meanWithoutEps() {
        return "torch.mean(" + keptOutputs(0) + ")";
    }

    private String keptOutputs(double eps) {
        return "torch.masked_select(" + ofOutputs(eps) + ", keep)";
    }

    private String ofOutputs(double eps) {
        return switch (this) {
            case MSE, MSE_OF_SHARES, L2 -> "torch.mse_loss(x, t, 0)";
            case MAE, L1 -> "torch.l1_loss(x, t, 0)";
            case POISSON -> "torch.poisson_nll_loss(x, t, False, False, " + eps + ", 0)";
            default -> "torch.binary_cross_entropy_with_logits(z, t, " + (weighted ? weights() : "None") + ", None, 0)";
        };
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
