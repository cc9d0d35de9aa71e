/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.GaussianNLLLoss;
import io.github.dl4jlosses.HingeEmbeddingLoss;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.L1Loss;
import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.MultiLabelMarginLoss;
import io.github.dl4jlosses.MultiLabelSoftMarginLoss;
import io.github.dl4jlosses.MultiMarginLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.PoissonNLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.SigmoidFocalLoss;
import io.github.dl4jlosses.SmoothL1Loss;
import io.github.dl4jlosses.SoftMarginLoss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.Variance;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.SpecHead;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * A loss with its options, the layer that it stands under, and what DL4J offers for the same purpose, with its labels; null
 * where that is nothing.
 */
enum LossKind {
    CE_INDEX(SpecHead.SOFTMAX, "CE, class indices", Target.INDEX, Target.INDEX),
    CE_ONE_HOT(SpecHead.SOFTMAX, "CE, one-hot labels", Target.ONE_HOT, Target.ONE_HOT),
    CE_PROBABILITIES(SpecHead.SOFTMAX, "CE, probabilities", Target.PROBABILITIES, Target.PROBABILITIES),
    CE_WEIGHTS(SpecHead.SOFTMAX, "CE, weights, smoothing", Target.INDEX, Target.ONE_HOT),
    BCE_LOGITS(SpecHead.SIGMOID, "BCE with logits", Target.BINARY, Target.BINARY),
    BCE_POS_WEIGHT(SpecHead.SIGMOID, "BCE with logits, pos_weight", Target.BINARY, Target.BINARY),
    BCE(SpecHead.SIGMOID, "BCE under sigmoid", Target.BINARY, Target.BINARY),
    NLL(SpecHead.LOG_SOFTMAX, "NLL under log-softmax", Target.INDEX, Target.ONE_HOT),
    KL(SpecHead.LOG_SOFTMAX, "KL under log-softmax", Target.PROBABILITIES, Target.PROBABILITIES),
    MULTI_LABEL_SOFT_MARGIN(SpecHead.SIGMOID, "Multi-label soft margin", Target.BINARY, Target.BINARY),
    FOCAL(SpecHead.SIGMOID, "Focal", Target.BINARY, Target.BINARY),
    SOFT_MARGIN(SpecHead.IDENTITY, "Soft margin", Target.SIGNS, Target.BINARY),
    MULTI_MARGIN(SpecHead.IDENTITY, "Multi-margin", Target.INDEX, null),
    MULTI_LABEL_MARGIN(SpecHead.IDENTITY, "Multi-label margin", Target.LISTS, null),
    HINGE_EMBEDDING(SpecHead.IDENTITY, "Hinge embedding", Target.SIGNS, null),
    MSE(SpecHead.IDENTITY, "MSE", Target.NUMBERS, Target.NUMBERS),
    L1(SpecHead.IDENTITY, "L1", Target.NUMBERS, Target.NUMBERS),
    SMOOTH_L1(SpecHead.IDENTITY, "Smooth L1", Target.NUMBERS, null),
    HUBER(SpecHead.IDENTITY, "Huber", Target.NUMBERS, null),
    POISSON(SpecHead.IDENTITY, "Poisson NLL, log-rates", Target.COUNTS, null),
    POISSON_RATES(SpecHead.IDENTITY, "Poisson NLL, rates", Target.COUNTS, Target.COUNTS),
    GAUSSIAN(SpecHead.IDENTITY, "Gaussian NLL, log-variances", Target.NUMBERS, null);

    /** What the labels are. */
    enum Target {
        INDEX,
        ONE_HOT,
        PROBABILITIES,
        BINARY,
        /** 1 and -1. */
        SIGNS,
        /** Up to three classes in each row, then -1. */
        LISTS,
        NUMBERS,
        COUNTS;

        /** Whether there is a number for each output, or for several. */
        boolean isDense() {
            return this != INDEX;
        }
    }

    private final SpecHead head;
    private final String title;
    private final Target target;
    private final Target builtInTarget;

    LossKind(SpecHead head, String title, Target target, Target builtInTarget) {
        this.head = head;
        this.title = title;
        this.target = target;
        this.builtInTarget = builtInTarget;
    }

    static LossKind parse(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.option().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no loss '" + name + "'; there are "
                        + Arrays.stream(values()).map(LossKind::option).toList()));
    }

    /** The name on the command line. */
    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String title() {
        return title;
    }

    /** Whether it is one of those that networks mostly have; of the others less is measured. */
    boolean isCommon() {
        return compareTo(KL) <= 0;
    }

    Target target() {
        return target;
    }

    /** Whether DL4J has a loss for the same purpose. */
    boolean hasBuiltIn() {
        return builtInTarget != null;
    }

    /** The labels that the built-in wants. */
    Target builtInTarget() {
        return builtInTarget;
    }

    /** Whether the loss takes numbers of this shape. */
    boolean takes(Shape shape) {
        return 2 + shape.inner().size() <= spec().mostDimensions();
    }

    /** How many outputs there are for each number of a shape. */
    int outputsPerNumber() {
        return spec().outputsPerLabel();
    }

    private LossSpec<?, ?> spec() {
        return LossSpecs.of(loss(1));
    }

    TorchLoss loss(long classes) {
        return switch (this) {
            case CE_INDEX, CE_PROBABILITIES -> new CrossEntropyLoss();
            case CE_ONE_HOT ->
                CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build();
            case CE_WEIGHTS ->
                CrossEntropyLoss.builder()
                        .weight(weights(classes))
                        .labelSmoothing(0.1)
                        .build();
            case BCE_LOGITS -> new BCEWithLogitsLoss();
            case BCE_POS_WEIGHT ->
                BCEWithLogitsLoss.builder().posWeight(weights(classes)).build();
            case BCE -> new BCELoss();
            case NLL -> new NLLLoss();
            case KL -> KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build();
            case MULTI_LABEL_SOFT_MARGIN -> new MultiLabelSoftMarginLoss();
            case FOCAL -> new SigmoidFocalLoss();
            case SOFT_MARGIN -> new SoftMarginLoss();
            case MULTI_MARGIN -> new MultiMarginLoss();
            case MULTI_LABEL_MARGIN -> new MultiLabelMarginLoss();
            case HINGE_EMBEDDING -> new HingeEmbeddingLoss();
            case MSE -> new MSELoss();
            case L1 -> new L1Loss();
            case SMOOTH_L1 -> new SmoothL1Loss();
            case HUBER -> new HuberLoss();
            case POISSON -> new PoissonNLLLoss();
            case POISSON_RATES -> PoissonNLLLoss.builder().logInput(false).build();
            case GAUSSIAN -> GaussianNLLLoss.builder().variance(Variance.EXP).build();
        };
    }

    IActivation activation() {
        return head.inDl4j();
    }

    /** The nearest that DL4J has: without smoothing, pos_weight and the power of the focal loss, which it lacks. */
    ILossFunction builtIn(long classes, DataType type) {
        return switch (this) {
            case CE_INDEX -> new LossSparseMCXENT();
            case CE_ONE_HOT, CE_PROBABILITIES -> new LossMCXENT();
            case CE_WEIGHTS ->
                new LossMCXENT(Nd4j.createFromArray(weights(classes)).castTo(type));
            case BCE_LOGITS, BCE_POS_WEIGHT, BCE, MULTI_LABEL_SOFT_MARGIN, FOCAL, SOFT_MARGIN -> new LossBinaryXENT();
            case NLL -> new LossNegativeLogLikelihood();
            case KL -> new LossKLD();
            case MSE -> new LossMSE();
            case L1 -> new LossMAE();
            case POISSON_RATES -> new LossPoisson();
            case MULTI_MARGIN, MULTI_LABEL_MARGIN, HINGE_EMBEDDING, SMOOTH_L1, HUBER, POISSON, GAUSSIAN ->
                throw new IllegalStateException("DL4J has no loss for the purpose of " + title);
        };
    }

    IActivation builtInActivation() {
        return switch (this) {
            // its labels are 0 and 1, and its scores the logits
            case SOFT_MARGIN -> SpecHead.SIGMOID.inDl4j();
            case NLL, KL -> SpecHead.SOFTMAX.inDl4j();
            default -> head.inDl4j();
        };
    }

    /** TorchScript that makes torch's input of the logits z; empty where they are the input. */
    String torchHead() {
        SpecHead seen = spec().seen(head);
        return seen == SpecHead.IDENTITY ? "" : seen.inTorch();
    }

    boolean hasHead() {
        return !torchHead().isEmpty();
    }

    private static double[] weights(long classes) {
        return IntStream.range(0, Math.toIntExact(classes))
                .mapToDouble(i -> 0.5 + i % 7 / 4.0)
                .toArray();
    }
}
