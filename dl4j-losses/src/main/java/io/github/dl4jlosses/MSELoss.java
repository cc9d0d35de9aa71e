/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.kernel.SquaredErrorKernel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Mean squared error: the square of the distance of a number from its target; torch's {@code nn.MSELoss}. A loss for
 * regression.
 *
 * <p>Formula, per element with input x and target t: l = (x - t)^2. The gradient is 2 (x - t).
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
 * loss and gradient; the distance between equal infinities and the distance from NaN are NaN, and so are loss and
 * gradients. All as in torch.
 *
 * <pre>{@code
 * INDArray prediction = Nd4j.createFromArray(0.5, 3.0);
 * INDArray target = Nd4j.createFromArray(0.0, 0.0);
 * new MSELoss().value(prediction, target); // 4.625
 * }</pre>
 *
 * <p>Reference: torch.nn.MSELoss, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class MSELoss extends DistanceLoss {
    private static final long serialVersionUID = 1L;

    private static final Options<MSELoss, Builder> OPTIONS =
            Options.<MSELoss, Builder>of(MSELoss::builder).reduction().andCommon();

    /** Torch's defaults: mean. */
    public MSELoss() {
        this(new Builder());
    }

    private MSELoss(Builder builder) {
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
    static MSELoss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<MSELoss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    @Override
    String torchKernel() {
        return "mse_cpu";
    }

    @Override
    Kernel kernel(boolean fused, DataType type) {
        return new SquaredErrorKernel();
    }

    /**
     * Builds an {@link MSELoss}.
     *
     * <pre>{@code
     * MSELoss.builder().reduction(Reduction.SUM).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends LossBuilder<Builder> {
        private Builder() {}

        @Override
        public MSELoss build() {
            validateCommon();
            return new MSELoss(this);
        }
    }
}
