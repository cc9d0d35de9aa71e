/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.HuberKernel;
import io.github.dl4jlosses.internal.kernel.Kernel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * A loss for regression: the distance of a number from its target, squared where it is small and linear beyond; torch's
 * {@code nn.HuberLoss}.
 *
 * <p>Formula, per element with input x, target t, d = x - t and delta = {@code delta}: l = d^2 / 2 where |d| is below
 * delta, else delta (|d| - delta / 2). The gradient is d, clamped to [-delta, delta].
 *
 * <p>Shapes: input and target of one shape, of any rank (torch broadcasts others, with a warning). All numbers are
 * allowed. The target may have another dtype, even an integer one.
 *
 * <p>Options: {@code delta} (1), kept as a double; {@code reduction} (MEAN).
 *
 * <p>Mean: the sum divided by the number of elements.
 *
 * <p>In a network under an identity head the pre-output is the prediction; any other activation is applied first.
 * Labels have the output's shape; a mask is per row or per output; under a softmax, per row only. Scaling: see
 * {@link TorchLoss}.
 *
 * <p>The mean of an empty batch is NaN unless {@link EmptyMean} says otherwise. An infinite distance has an infinite
 * loss and the gradient delta or -delta; where delta is infinite too, the loss is NaN and the gradient infinite. The
 * distance between equal infinities and the distance from NaN are NaN, and so are loss and gradients. All as in torch.
 *
 * <pre>{@code
 * INDArray prediction = Nd4j.createFromArray(0.5, 3.0);
 * INDArray target = Nd4j.createFromArray(0.0, 0.0);
 * new HuberLoss().value(prediction, target); // 1.3125
 * }</pre>
 *
 * <p>Reference: torch.nn.HuberLoss, torch 2.7.1. P. J. Huber, Robust Estimation of a Location Parameter, 1964.
 *
 * @since 0.1.0
 */
public final class HuberLoss extends DistanceLoss {
    private static final long serialVersionUID = 1L;

    private static final Options<HuberLoss, Builder> OPTIONS = Options.<HuberLoss, Builder>of(HuberLoss::builder)
            .reduction()
            .with("delta", Double.class, HuberLoss::getDelta, Builder::delta)
            .andCommon();

    /** Where the loss becomes linear, above 0. */
    private final double delta;

    /** Torch's defaults: mean, a delta of 1. */
    public HuberLoss() {
        this(new Builder());
    }

    private HuberLoss(Builder builder) {
        super(builder);
        this.delta = builder.delta;
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
    static HuberLoss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<HuberLoss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    @Override
    String torchKernel() {
        return "huber_cpu";
    }

    @Override
    Kernel kernel(boolean fused, DataType type) {
        return new HuberKernel(delta);
    }

    /**
     * The distance at which the loss becomes linear.
     *
     * @return above 0; 1 by default
     */
    public double getDelta() {
        return delta;
    }

    /**
     * Builds a {@link HuberLoss}.
     *
     * <pre>{@code
     * HuberLoss.builder().delta(0.5).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends LossBuilder<Builder> {
        private double delta = 1;

        private Builder() {}

        /**
         * The distance at which the loss becomes linear; torch's {@code delta}.
         *
         * @param delta above 0, infinity for the square everywhere; 1 by default
         * @return this builder
         */
        public Builder delta(double delta) {
            this.delta = delta;
            return this;
        }

        @Override
        public HuberLoss build() {
            validateCommon();
            // NaN is not above 0 either
            if (!(delta > 0)) {
                throw new IllegalArgumentException(
                        "huber_loss does not support non-positive values for delta. (delta must be above 0, got "
                                + delta + ")");
            }
            return new HuberLoss(this);
        }
    }
}
