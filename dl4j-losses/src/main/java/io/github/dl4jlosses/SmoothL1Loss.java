/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.AbsoluteErrorKernel;
import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.kernel.SmoothL1Kernel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * A loss for regression: the distance of a number from its target, squared where it is small and linear beyond; torch's
 * {@code nn.SmoothL1Loss}. It is {@link HuberLoss} with {@code delta = beta}, divided by beta.
 *
 * <p>Formula, per element with input x, target t, d = x - t and beta = {@code beta}: l = d^2 / (2 beta) where |d| is
 * below beta, else |d| - beta / 2. The gradient is d / beta, clamped to [-1, 1]. A beta of 0 makes it {@link L1Loss}.
 *
 * <p>Shapes: input and target of one shape, of any rank (torch broadcasts others, with a warning). All numbers are
 * allowed. The target may have another dtype, even an integer one.
 *
 * <p>Options: {@code beta} (1), kept as a double; {@code reduction} (MEAN).
 *
 * <p>Mean: the sum divided by the number of elements.
 *
 * <p>In a network under an identity head the pre-output is the prediction; any other activation is applied first.
 * Labels have the output's shape; a mask is per row or per output; under a softmax, per row only. Scaling: see
 * {@link TorchLoss}.
 *
 * <p>The mean of an empty batch is NaN unless {@link EmptyMean} says otherwise. An infinite distance has an infinite
 * loss and the gradient 1 or -1. The distance between equal infinities and the distance from NaN are NaN, and so are
 * loss and gradients. All as in torch.
 *
 * <pre>{@code
 * INDArray prediction = Nd4j.createFromArray(0.5, 3.0);
 * INDArray target = Nd4j.createFromArray(0.0, 0.0);
 * new SmoothL1Loss().value(prediction, target); // 1.3125
 * }</pre>
 *
 * <p>Reference: torch.nn.SmoothL1Loss, torch 2.7.1; Girshick, "Fast R-CNN", 2015.
 *
 * @since 0.1.0
 */
public final class SmoothL1Loss extends DistanceLoss {
    private static final long serialVersionUID = 1L;

    private static final Options<SmoothL1Loss, Builder> OPTIONS = Options.<SmoothL1Loss, Builder>of(
                    SmoothL1Loss::builder)
            .reduction()
            .with("beta", Double.class, SmoothL1Loss::getBeta, Builder::beta)
            .andCommon();

    /** The distance at which the loss becomes linear, at least 0. */
    private final double beta;

    /** Torch's defaults: mean, a beta of 1. */
    public SmoothL1Loss() {
        this(new Builder());
    }

    private SmoothL1Loss(Builder builder) {
        super(builder);
        this.beta = builder.beta;
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
    static SmoothL1Loss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<SmoothL1Loss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    @Override
    String torchKernel() {
        return "smooth_l1_cpu";
    }

    @Override
    Kernel kernel(boolean fused, DataType type) {
        return beta == 0 ? new AbsoluteErrorKernel() : new SmoothL1Kernel(beta);
    }

    /**
     * The distance at which the loss becomes linear.
     *
     * @return 0 or more; 1 by default
     */
    public double getBeta() {
        return beta;
    }

    /**
     * Builds a {@link SmoothL1Loss}.
     *
     * <pre>{@code
     * SmoothL1Loss.builder().beta(0.5).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends LossBuilder<Builder> {
        private double beta = 1;

        private Builder() {}

        /**
         * The distance at which the loss becomes linear; torch's {@code beta}.
         *
         * @param beta 0 or more, 0 for {@link L1Loss}; 1 by default
         * @return this builder
         */
        public Builder beta(double beta) {
            this.beta = beta;
            return this;
        }

        @Override
        public SmoothL1Loss build() {
            validateCommon();
            // NaN is not 0 or more either
            if (!(beta >= 0)) {
                throw new IllegalArgumentException(
                        "smooth_l1_loss does not support negative values for beta. (beta must be 0 or more, got " + beta
                                + ")");
            }
            return new SmoothL1Loss(this);
        }
    }
}
