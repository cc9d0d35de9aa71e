/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.kernel.PoissonNLLKernel;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.target.TargetKind;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Negative log likelihood of counts under a Poisson distribution; torch's {@code nn.PoissonNLLLoss}. A loss for
 * regression of counts: the network outputs the expected count (the rate) or its logarithm.
 *
 * <p>Formula, per element with target t: l = exp(x) - t x with the gradient exp(x) - t where the input x is the logarithm of
 * the rate; l = x - t log(x + {@code eps}) with the gradient 1 - t / (x + eps) where it is the rate. {@code full} adds
 * Stirling's approximation of log t!, t log t - t + log(2 pi t) / 2, where t is above 1.
 *
 * <p>Shapes: input and target of one shape, of any rank (torch broadcasts others without a warning). All numbers are
 * allowed, even negative ones, as in torch. The target may have another dtype, even an integer one.
 *
 * <p>Options: {@code logInput} (true), {@code full} (false), {@code eps} (1e-8), ignored if {@code logInput} is true;
 * {@code reduction} (MEAN).
 *
 * <p>Mean: the sum divided by the number of elements.
 *
 * <p>In a network under an identity head the pre-output is the input; any other activation is applied first, such as a
 * softplus before {@code logInput(false)}. Labels have the output's shape; a mask is per row or per output; under a
 * softmax, per row only. Scaling: see {@link TorchLoss}.
 *
 * <p>The mean of an empty batch is NaN unless {@link EmptyMean} says otherwise. The logarithm of a negative rate is
 * NaN, as in torch. With {@code full} the gradient with respect to a target of 0 or less is NaN, as in torch.
 *
 * <pre>{@code
 * INDArray logRate = Nd4j.createFromArray(0.0, 0.5);
 * INDArray count = Nd4j.createFromArray(2.0, 0.0);
 * new PoissonNLLLoss().value(logRate, count); // 1.324360635350064
 * }</pre>
 *
 * <p>Reference: torch.nn.PoissonNLLLoss, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class PoissonNLLLoss extends ElementLoss {
    private static final long serialVersionUID = 1L;

    private static final Options<PoissonNLLLoss, Builder> OPTIONS = Options.<PoissonNLLLoss, Builder>of(
                    PoissonNLLLoss::builder)
            .with("logInput", Boolean.class, PoissonNLLLoss::isLogInput, Builder::logInput)
            .with("full", Boolean.class, PoissonNLLLoss::isFull, Builder::full)
            .with("eps", Double.class, PoissonNLLLoss::getEps, Builder::eps)
            .reduction()
            .andCommon();

    /** Whether inputs are logarithms of rates. */
    private final boolean logInput;

    /** Whether Stirling's approximation is added. */
    private final boolean full;

    /** Any number. */
    private final double eps;

    /** Torch's defaults: mean, logarithms of rates, not full, an eps of 1e-8. */
    public PoissonNLLLoss() {
        this(new Builder());
    }

    private PoissonNLLLoss(Builder builder) {
        super(builder);
        this.logInput = builder.logInput;
        this.full = builder.full;
        this.eps = builder.eps;
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
    static PoissonNLLLoss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<PoissonNLLLoss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    @Override
    void requireDirect(INDArray input, INDArray target) {
        TargetShapes.requireSameSizeTargetFirst(input, target);
        TargetShapes.requireDifferentiable(input, "input");
    }

    @Override
    void requireTargetGradient(TargetKind kind, INDArray target) {
        TargetShapes.requireDifferentiable(target, "target");
    }

    @Override
    Kernel kernel(boolean fused, DataType type) {
        return new PoissonNLLKernel(logInput, full, eps);
    }

    /**
     * Whether inputs are logarithms of rates.
     *
     * @return true by default
     */
    public boolean isLogInput() {
        return logInput;
    }

    /**
     * Whether Stirling's approximation is added.
     *
     * @return false by default
     */
    public boolean isFull() {
        return full;
    }

    /**
     * The number added to a rate before its logarithm is taken.
     *
     * @return 1e-8 by default
     */
    public double getEps() {
        return eps;
    }

    @Override
    public LossInput takes() {
        return logInput ? LossInput.LOG_RATES : LossInput.RATES;
    }

    /**
     * Builds a {@link PoissonNLLLoss}.
     *
     * <pre>{@code
     * PoissonNLLLoss.builder().logInput(false).full(true).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends LossBuilder<Builder> {
        private boolean logInput = true;
        private boolean full;
        private double eps = 1e-8;

        private Builder() {}

        /**
         * Whether inputs are logarithms of rates; torch's {@code log_input}.
         *
         * @param logInput true by default; false for rates themselves
         * @return this builder
         */
        public Builder logInput(boolean logInput) {
            this.logInput = logInput;
            return this;
        }

        /**
         * Whether Stirling's approximation of log t! is added where the target is above 1; torch's {@code full}. The
         * gradient of the input stays the same.
         *
         * @param full false by default
         * @return this builder
         */
        public Builder full(boolean full) {
            this.full = full;
            return this;
        }

        /**
         * The number added to a rate before its logarithm is taken; torch's {@code eps}.
         *
         * @param eps any number, as in torch; 1e-8 by default
         * @return this builder
         */
        public Builder eps(double eps) {
            this.eps = eps;
            return this;
        }

        @Override
        public PoissonNLLLoss build() {
            validateCommon();
            return new PoissonNLLLoss(this);
        }
    }
}
