/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.Objects;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Stochastic gradient descent with momentum, torch's {@code optim.SGD}.
 *
 * <p>Formula, g being the gradient plus {@code weightDecay} times the parameter: without momentum the step is lr g.
 * With it, b = g at the first step and b = momentum b + (1 - dampening) g later; the step is lr b, or lr (g + momentum
 * b) with {@code nesterov}. DL4J's {@code Nesterovs} has a different formula.
 *
 * <p>Defaults: {@code lr} 0.001, no momentum, dampening, nesterov or weight decay. With momentum the state is as large
 * as the parameters, with dampening twice as large; otherwise it is empty.
 *
 * <pre>{@code
 * TorchSGD.builder().lr(0.1).momentum(0.9).weightDecay(1e-4).build()
 *         .configure(new NeuralNetConfiguration.Builder().miniBatch(false))
 *         .list() // ..
 * }</pre>
 *
 * <p>Errors: {@code build()} throws {@link IllegalArgumentException} as torch does. Reference: torch.optim.SGD, torch
 * 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchSGD extends TorchUpdater {
    private static final long serialVersionUID = 1L;

    /** The share of the last step that is kept; 0: none. */
    private final double momentum;
    /** The share of a gradient that is kept out of the momentum. */
    private final double dampening;
    /** Whether the momentum looks ahead. */
    private final boolean nesterov;

    @JsonCreator
    private TorchSGD(
            @JsonProperty("lr") double lr,
            @JsonProperty("lrSchedule") ISchedule lrSchedule,
            @JsonProperty("momentum") double momentum,
            @JsonProperty("dampening") double dampening,
            @JsonProperty("nesterov") boolean nesterov,
            @JsonProperty("weightDecay") double weightDecay,
            @JsonProperty("configured") boolean configured) {
        super(lr, lrSchedule, weightDecay, configured);
        this.momentum = momentum;
        this.dampening = dampening;
        this.nesterov = nesterov;
    }

    /**
     * Starts a builder with torch's defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public long stateSize(long numParams) {
        return SgdState.arrays(this) * numParams;
    }

    @Override
    GradientUpdater<?> overState() {
        return new SgdState(this);
    }

    @Override
    public TorchSGD clone() {
        return copy(getLr(), getLrSchedule(), getWeightDecay(), isConfigured());
    }

    @Override
    TorchSGD copy(double lr, ISchedule lrSchedule, double weightDecay, boolean configured) {
        return new TorchSGD(lr, lrSchedule, momentum, dampening, nesterov, weightDecay, configured);
    }

    /**
     * The momentum, torch's {@code momentum}.
     *
     * @return 0 for none
     */
    public double getMomentum() {
        return momentum;
    }

    /**
     * The momentum at a step, which a {@link TorchOneCycleLR} may set.
     *
     * @param iteration the step
     * @param epoch the epoch, which torch's schedules ignore
     * @return 0 for none
     */
    public double getMomentum(int iteration, int epoch) {
        return momentumOr(momentum, iteration, epoch);
    }

    /**
     * The share of a gradient that is kept out of the momentum.
     *
     * @return 0 if gradients enter whole
     */
    public double getDampening() {
        return dampening;
    }

    /**
     * Whether the step looks ahead.
     *
     * @return true for Nesterov momentum
     */
    public boolean isNesterov() {
        return nesterov;
    }

    @Override
    public boolean equals(Object other) {
        return hasOptionsOf(other)
                && Double.compare(momentum, ((TorchSGD) other).momentum) == 0
                && Double.compare(dampening, ((TorchSGD) other).dampening) == 0
                && nesterov == ((TorchSGD) other).nesterov;
    }

    @Override
    public int hashCode() {
        // the learning rate is left out, because it changes while the updater is in use
        return Objects.hash(momentum, dampening, nesterov, getWeightDecay());
    }

    @Override
    public String toString() {
        return "TorchSGD(" + lrText() + ", momentum=" + momentum + ", dampening=" + dampening + ", nesterov=" + nesterov
                + ", weightDecay=" + getWeightDecay() + ")";
    }

    /**
     * Builds a {@link TorchSGD}.
     *
     * @since 0.1.0
     */
    public static final class Builder extends UpdaterBuilder<Builder> {
        private double momentum;
        private double dampening;
        private boolean nesterov;

        private Builder() {
            super(1e-3, 0);
        }

        /**
         * The momentum, torch's {@code momentum}.
         *
         * @param momentum 0 by default: none
         * @return this builder
         */
        public Builder momentum(double momentum) {
            this.momentum = momentum;
            return this;
        }

        /**
         * The share of a gradient that is kept out of the momentum.
         *
         * @param dampening 0 by default
         * @return this builder
         */
        public Builder dampening(double dampening) {
            this.dampening = dampening;
            return this;
        }

        /**
         * Whether the step looks ahead.
         *
         * @param nesterov false by default
         * @return this builder
         */
        public Builder nesterov(boolean nesterov) {
            this.nesterov = nesterov;
            return this;
        }

        /**
         * Checks the options.
         *
         * @return an updater
         * @throws IllegalArgumentException for what torch refuses: a negative (or NaN) lr, momentum or weight decay,
         *     nesterov without momentum or with dampening
         */
        public TorchSGD build() {
            validateCommon();
            require(momentum >= 0, "Invalid momentum value: " + momentum + ". (momentum must be 0 or more)");
            require(!Double.isNaN(dampening), "dampening must be a number");
            require(
                    !nesterov || (momentum > 0 && dampening == 0),
                    "Nesterov momentum requires a momentum and zero dampening. (momentum is " + momentum
                            + ", dampening " + dampening + ")");
            TorchSGD sgd = new TorchSGD(lr, lrSchedule, momentum, dampening, nesterov, weightDecay, false);
            // torch's scheduler sets the momentum when it is made; an updater with momentum keeps a state
            double first = sgd.getMomentum(0, 0);
            return first == momentum
                    ? sgd
                    : new TorchSGD(lr, lrSchedule, first, dampening, nesterov, weightDecay, false);
        }
    }
}
