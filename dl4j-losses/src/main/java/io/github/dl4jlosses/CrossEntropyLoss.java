/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.Batch;
import io.github.dl4jlosses.internal.kernel.ClassIndexKernel;
import io.github.dl4jlosses.internal.kernel.ClassProbabilityKernel;
import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.Place;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.shape.TorchNames;
import io.github.dl4jlosses.internal.target.ClassTargets;
import io.github.dl4jlosses.internal.target.OutputMask;
import io.github.dl4jlosses.internal.target.TargetKind;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cross entropy between logits and a target class or class probabilities; torch's {@code nn.CrossEntropyLoss}.
 *
 * <p>Formula, for a row of logits x with p = softmax(x), smoothing s and weights w:
 *
 * <ul>
 *   <li>class t: l = (1-s) w_t (-log p_t) + (s/C) sum_c w_c (-log p_c)
 *   <li>probabilities t_c: l = sum_c w_c (t_c (1-s) + s/C) (-log p_c)
 * </ul>
 *
 * <p>Shapes: input (C), (N, C) or (N, C, d1..dk). Target: class indices (), (N) or (N, d1..dk) of any integer dtype, or
 * whole numbers of a floating one; or probabilities of the input's shape, of a floating dtype, used as they are,
 * without a check of their sum. {@link TargetFormat#ONE_HOT} reads a target of the input's shape as classes.
 *
 * <p>Options: {@code weight} (none), {@code ignoreIndex} (-100; negative with probabilities, as torch demands),
 * {@code labelSmoothing} (0), {@code reduction} (MEAN), {@code targetFormat} (AUTO).
 *
 * <p>Mean: for classes the sum is divided by the sum of the weights of the kept targets, or by their number without
 * weights, also with smoothing; for probabilities by the number of rows, never by weights.
 *
 * <p>In a network the pre-output holds the logits, under an identity, softmax or {@link ActivationLogSoftmax} head. A
 * softmax head outputs probabilities, and no softmax is applied twice. Any other activation is applied first. Labels
 * are probabilities or one-hot [R, C], or indices [R, 1]. A mask is per row. Scaling: see {@link TorchLoss}. One-hot
 * labels without {@link TargetFormat#ONE_HOT} have a different weighted mean than class indices; with weights the loss
 * logs one warning.
 *
 * <p>Ignored rows have gradient 0, even where their logits are NaN. The mean of an empty batch is NaN with gradient 0,
 * unless {@link EmptyMean} says otherwise. NaN or positive infinity in a kept row makes its loss and gradient NaN.
 *
 * <pre>{@code
 * INDArray logits = Nd4j.createFromArray(new double[][] {{0, 0}, {0, 30}});
 * INDArray target = Nd4j.createFromArray(new long[] {0, 0});
 * new CrossEntropyLoss().value(logits, target); // 15.346573590280018
 * }</pre>
 *
 * <p>Reference: torch.nn.CrossEntropyLoss, torch 2.7.1. Label smoothing: Szegedy et al., "Rethinking the Inception
 * Architecture for Computer Vision", 2016.
 *
 * @since 0.1.0
 */
public final class CrossEntropyLoss extends LikelihoodLoss {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(CrossEntropyLoss.class);

    private static final Options<CrossEntropyLoss, Builder> OPTIONS = Options.<CrossEntropyLoss, Builder>of(
                    CrossEntropyLoss::builder)
            .with("weight", double[].class, CrossEntropyLoss::getWeight, Builder::weight)
            .named("ignoreIndex", Long.class, CrossEntropyLoss::getIgnoreIndex, Builder::ignoreIndex)
            .reduction()
            .with("labelSmoothing", Double.class, CrossEntropyLoss::getLabelSmoothing, Builder::labelSmoothing)
            .with("targetFormat", TargetFormat.class, CrossEntropyLoss::getTargetFormat, Builder::targetFormat)
            .andCommon();

    /** From 0 to 1. */
    private final double labelSmoothing;

    /** Whether the labels of one batch have been checked for the one-hot warning. */
    private transient volatile boolean lookedAtLabels;

    /** Torch's defaults: mean, no weights, no smoothing, ignore_index -100. */
    public CrossEntropyLoss() {
        this(new Builder());
    }

    private CrossEntropyLoss(Builder builder) {
        super(builder);
        this.labelSmoothing = builder.labelSmoothing;
    }

    /**
     * A builder with torch's defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static CrossEntropyLoss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<CrossEntropyLoss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    @Override
    TargetKind ofInputsShape(INDArray target) {
        return TargetKind.NUMBERS;
    }

    @Override
    void requireInput(TargetKind kind, INDArray input, INDArray target) {
        boolean probabilities = kind == TargetKind.NUMBERS;
        if (probabilities && !target.dataType().isFPType()) {
            throw new IllegalArgumentException(
                    "Expected floating point type for target with class probabilities, got " + TorchNames.dtype(target)
                            + " (a target of the input's shape " + TorchNames.size(input)
                            + " holds probabilities; for one-hot classes set targetFormat(ONE_HOT))");
        }
        if (input.rank() == 0) {
            throw new IllegalArgumentException("Dimension "
                    + (probabilities
                            ? "specified as 1 but tensor has no dimensions"
                            : "out of range (expected to be in range of [-1, 0], but got 1)")
                    + " (the input is a single number; its shape must be (C), (N, C) or (N, C, d1..dk))");
        }
        TargetShapes.requireFloating(input, torchKernelName(input));
    }

    @Override
    void requireOptionsFitProbabilities(INDArray input) {
        if (getIgnoreIndex() >= 0) {
            throw new IllegalArgumentException(
                    "ignore_index is not supported for floating point target (ignoreIndex is " + getIgnoreIndex()
                            + ", the target of the input's shape " + TorchNames.size(input)
                            + " holds probabilities; for one-hot classes set targetFormat(ONE_HOT))");
        }
        TargetShapes.requireWeightPerClass(weight(), input, "cross_entropy: ", true);
    }

    @Override
    Batch probabilities(Rows input, Rows target, OutputMask mask, Place place) {
        if (weight() != null && getReduction() == Reduction.MEAN && !lookedAtLabels) {
            warnOfOneHot(target);
        }
        Kernel kernel = new ClassProbabilityKernel(weight(), 1 - labelSmoothing, soft(input.classes()));
        return Batch.rows(kernel, input, target, mask, place);
    }

    /** In torch one-hot rows have a different weighted mean than class indices, and nothing else tells the user. */
    private synchronized void warnOfOneHot(Rows target) {
        Optional<Boolean> oneHot = lookedAtLabels ? Optional.empty() : ClassTargets.oneHot(target);
        if (oneHot.orElse(false)) {
            LOG.warn(
                    "{} takes one-hot labels of the output's shape for probabilities, as torch does: its mean divides by"
                            + " their number, not by their class weights. For torch's mean of classes set"
                            + " targetFormat(TargetFormat.ONE_HOT).",
                    this);
        }
        lookedAtLabels |= oneHot.isPresent();
    }

    @Override
    Kernel indexKernel(int classes, boolean fused) {
        return new ClassIndexKernel(weight(), 1 - labelSmoothing, soft(classes), classes);
    }

    /**
     * If the denominator is 0, torch divides each of the two terms by it, and each may become an infinity of either
     * sign.
     */
    @Override
    Batch withTerms(Batch batch, int classes) {
        return batch.meanDenominator() != 0 || labelSmoothing == 0
                ? batch
                : batch.withTerms(
                        new ClassIndexKernel(weight(), 1 - labelSmoothing, 0, classes),
                        new ClassIndexKernel(weight(), 0, soft(classes), classes));
    }

    private double soft(int classes) {
        return labelSmoothing == 0 ? 0 : labelSmoothing / classes;
    }

    private static String torchKernelName(INDArray input) {
        return input.rank() > 2 ? "softmax_kernel_impl" : "log_softmax_lastdim_kernel_impl";
    }

    /**
     * The share of the target that is spread over all classes.
     *
     * @return 0 by default
     */
    public double getLabelSmoothing() {
        return labelSmoothing;
    }

    @Override
    public LossInput takes() {
        return LossInput.LOGITS_OF_CLASSES;
    }

    /**
     * Builds a {@link CrossEntropyLoss}.
     *
     * <pre>{@code
     * CrossEntropyLoss.builder().weight(1, 2).labelSmoothing(.1).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends LikelihoodLoss.Builder<Builder> {
        private double labelSmoothing;

        private Builder() {}

        /**
         * The share of the target that is spread over all classes; torch's {@code label_smoothing}.
         *
         * @param labelSmoothing from 0, the default, to 1
         * @return this builder
         */
        public Builder labelSmoothing(double labelSmoothing) {
            this.labelSmoothing = labelSmoothing;
            return this;
        }

        /**
         * Builds the loss.
         *
         * @return an immutable loss
         * @throws IllegalArgumentException where an option is out of range or does not fit another
         */
        @Override
        public CrossEntropyLoss build() {
            validate();
            if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
                throw new IllegalArgumentException(
                        "label_smoothing must be between 0.0 and 1.0. Got: " + labelSmoothing + " (labelSmoothing)");
            }
            return new CrossEntropyLoss(this);
        }
    }
}
