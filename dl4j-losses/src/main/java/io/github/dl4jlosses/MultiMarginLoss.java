/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.kernel.MultiMarginKernel;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.target.ClassRange;
import io.github.dl4jlosses.internal.target.ClassTargets;
import io.github.dl4jlosses.internal.target.TargetKind;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * A loss that wants the score of the right class above all others by a margin, as in a multi-class support vector
 * machine; torch's {@code nn.MultiMarginLoss}.
 *
 * <p>Formula, for a row of C scores x, its class t and weights w: l = (w_t / C) sum over i != t of
 * max(0, {@code margin} - x_t + x_i)^{@code p}. The gradient of another class within the margin is w_t p z^(p-1) / C, with
 * z its distance from the margin; that of t is minus the sum of these. At the margin itself it is 0.
 *
 * <p>Shapes: input (C) or (N, C), any numbers; more dimensions are refused, as in torch. Target: class indices () or
 * (N) of any integer dtype, or whole numbers of a floating one. A target of the input's shape, which torch refuses, is
 * read as one-hot, also in a network.
 *
 * <p>Options: {@code p} (1), which is 1 or 2; {@code margin} (1), kept as a double; {@code weight} (none);
 * {@code reduction} (MEAN); {@code targetFormat} (AUTO). There is no {@code ignore_index}.
 *
 * <p>Mean: the sum divided by the number of rows, whatever their weights.
 *
 * <p>In a network under an identity head the pre-output is the scores; any other activation is applied first. Labels
 * are one-hot [R, C] or indices [R, 1]; a one-hot row of zeros is left out. A mask is per row. Scaling: see
 * {@link TorchLoss}.
 *
 * <p>NaN is never within the margin: it adds no loss and no gradient, as in torch. The mean of an empty batch is NaN
 * unless {@link EmptyMean} says otherwise.
 *
 * <pre>{@code
 * INDArray scores = Nd4j.createFromArray(new double[][] {{0.5, 1.0, 0.25}});
 * INDArray target = Nd4j.createFromArray(new long[] {0});
 * new MultiMarginLoss().value(scores, target); // 0.75
 * }</pre>
 *
 * <p>Reference: torch.nn.MultiMarginLoss, torch 2.7.1; Crammer and Singer, "On the Algorithmic Implementation of
 * Multiclass Kernel-based Vector Machines", 2001, who take the largest of these terms instead of their mean.
 *
 * @since 0.1.0
 */
public final class MultiMarginLoss extends ClassLoss {
    private static final long serialVersionUID = 1L;

    private static final Options<MultiMarginLoss, Builder> OPTIONS = Options.<MultiMarginLoss, Builder>of(
                    MultiMarginLoss::builder)
            .with("p", Long.class, MultiMarginLoss::getP, Builder::p)
            .with("margin", Double.class, MultiMarginLoss::getMargin, Builder::margin)
            .with("weight", double[].class, MultiMarginLoss::getWeight, Builder::weight)
            .reduction()
            .with("targetFormat", TargetFormat.class, MultiMarginLoss::getTargetFormat, Builder::targetFormat)
            .andCommon();

    /** 1 or 2. */
    private final long p;

    /** Any number. */
    private final double margin;

    /** Torch's defaults: mean, p 1, a margin of 1, no weights. */
    public MultiMarginLoss() {
        this(new Builder());
    }

    private MultiMarginLoss(Builder builder) {
        super(builder);
        this.p = builder.p;
        this.margin = builder.margin;
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
    static MultiMarginLoss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<MultiMarginLoss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    @Override
    void requireInput(TargetKind kind, INDArray input, INDArray target) {
        TargetShapes.requireVectorOrMatrix(input);
    }

    @Override
    void requireIndices(INDArray input, INDArray target) {
        TargetShapes.requireIndexPerRow(input, target);
    }

    @Override
    void requireOptionsFit(TargetKind kind, INDArray input) {
        TargetShapes.requireConsistentWeight(weight(), input);
    }

    @Override
    void requireInputDtype(INDArray input) {
        TargetShapes.requireFloating(input, "multi_margin_loss_cpu_kernel");
    }

    @Override
    TargetKind ofInputsShape(INDArray target) {
        return isSingleIndex(target) ? TargetKind.INDICES : TargetKind.ONE_HOT;
    }

    @Override
    ClassRange range(int classes) {
        return ClassRange.all(classes);
    }

    @Override
    double meanDenominator(ClassTargets targets) {
        return targets.kept();
    }

    /** For a single row torch takes an index of shape () or (1), and gives a loss of the same shape. */
    @Override
    long[] lossShape(INDArray input, INDArray target) {
        boolean isIndexPerRow = target.rank() < 2 && (input.rank() == 2 || target.length() == 1);
        return isIndexPerRow ? target.shape() : super.lossShape(input, target);
    }

    @Override
    Kernel indexKernel(int classes, boolean fused) {
        return new MultiMarginKernel(weight(), margin, p == 2);
    }

    /**
     * The power of the distances from the margin.
     *
     * @return 1 by default, or 2
     */
    public long getP() {
        return p;
    }

    /**
     * By how much the score of the right class should exceed all others.
     *
     * @return 1 by default
     */
    public double getMargin() {
        return margin;
    }

    @Override
    public LossInput takes() {
        return LossInput.SCORES;
    }

    /**
     * Builds a {@link MultiMarginLoss}.
     *
     * <pre>{@code
     * MultiMarginLoss.builder().p(2).margin(0.5).weight(1, 2).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends ClassLoss.Builder<Builder> {
        private long p = 1;
        private double margin = 1;

        private Builder() {}

        /**
         * The power of the distances from the margin; torch's {@code p}.
         *
         * @param p 1 by default, or 2
         * @return this builder
         */
        public Builder p(long p) {
            this.p = p;
            return this;
        }

        /**
         * By how much the score of the right class should exceed all others; torch's {@code margin}.
         *
         * @param margin any number, as in torch; 1 by default
         * @return this builder
         */
        public Builder margin(double margin) {
            this.margin = margin;
            return this;
        }

        /**
         * Builds the loss.
         *
         * @return an immutable loss
         * @throws IllegalArgumentException where an option is out of range
         */
        @Override
        public MultiMarginLoss build() {
            validate();
            if (p != 1 && p != 2) {
                throw new IllegalArgumentException("only p == 1 and p == 2 supported (got " + p + ")");
            }
            return new MultiMarginLoss(this);
        }
    }
}
