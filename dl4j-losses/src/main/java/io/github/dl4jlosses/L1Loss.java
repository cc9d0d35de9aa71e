/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.AbsoluteErrorKernel;
import io.github.dl4jlosses.internal.kernel.Kernel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Mean absolute error: the distance of a number from its target; torch's {@code nn.L1Loss}. A loss for regression.
 *
 * <p>Formula, per element with input x and target t: l = |x - t|. The gradient is the sign of x - t, 0 where they are
 * equal.
 *
 * <p>Shapes: input and target of one shape, of any rank (torch broadcasts others, with a warning). All numbers are
 * allowed. The target may have another dtype, even an integer one.
 *
 * <p>Options: {@code reduction} (MEAN).
 *
 * <p>Mean: the sum divided by the number of elements.
 *
 * <p>In a network under an identity head the pre-output is the prediction; any other activation is applied first.
 * Labels have the output's shape; a mask is per row or per output; under a softmax, per row only. Scaling: see
 * {@link TorchLoss}.
 *
 * <p>The mean of an empty batch is NaN unless {@link EmptyMean} says otherwise. An infinite distance has an infinite
 * loss and the gradient 1 or -1. The distance between equal infinities and the distance from NaN are NaN, with gradient
 * 0: torch's sign of NaN.
 *
 * <pre>{@code
 * INDArray prediction = Nd4j.createFromArray(0.5, 3.0);
 * INDArray target = Nd4j.createFromArray(0.0, 0.0);
 * new L1Loss().value(prediction, target); // 1.75
 * }</pre>
 *
 * <p>Reference: torch.nn.L1Loss, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class L1Loss extends DistanceLoss {
    private static final long serialVersionUID = 1L;

    private static final Options<L1Loss, Builder> OPTIONS =
            Options.<L1Loss, Builder>of(L1Loss::builder).reduction().andCommon();

    /** Torch's defaults: mean. */
    public L1Loss() {
        this(new Builder());
    }

    private L1Loss(Builder builder) {
        super(builder);
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
    static L1Loss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<L1Loss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    @Override
    String torchKernel() {
        return "abs_cpu";
    }

    @Override
    Kernel kernel(boolean fused, DataType type) {
        return new AbsoluteErrorKernel();
    }

    /**
     * Builds an {@link L1Loss}.
     *
     * <pre>{@code
     * L1Loss.builder().reduction(Reduction.SUM).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends LossBuilder<Builder> {
        private Builder() {}

        @Override
        public L1Loss build() {
            validateCommon();
            return new L1Loss(this);
        }
    }
}
