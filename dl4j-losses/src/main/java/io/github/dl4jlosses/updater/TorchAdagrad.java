/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.Objects;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Adagrad, torch's {@code optim.Adagrad}: steps are divided by the size of all gradients so far.
 *
 * <p>Formula, g being the gradient plus {@code weightDecay} times the parameter, at step t: s = s + g^2, where s begins
 * as {@code initialAccumulatorValue}; the step is lr / (1 + (t - 1) lrDecay) g / (sqrt(s) + eps). DL4J's
 * {@code AdaGrad} begins with s = eps and has no decay of the rate.
 *
 * <p>Defaults: {@code lr} 0.01, {@code lrDecay} 0, {@code initialAccumulatorValue} 0, {@code eps} 1e-10, no weight decay. The
 * state is twice as large as the parameters.
 *
 * <pre>{@code
 * new NeuralNetConfiguration.Builder().updater(TorchAdagrad.builder().lr(0.1).build())
 * }</pre>
 *
 * <p>Errors: {@code build()} throws {@link IllegalArgumentException} as torch does, also for a schedule that cycles a
 * momentum. Reference: torch.optim.Adagrad, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchAdagrad extends TorchUpdater {
    private static final long serialVersionUID = 1L;

    /** The decay of the rate with each step. */
    private final double lrDecay;
    /** The initial value of the sum of squares. */
    private final double initialAccumulatorValue;
    /** The number added to the denominator. */
    private final double eps;

    @JsonCreator
    private TorchAdagrad(
            @JsonProperty("lr") double lr,
            @JsonProperty("lrSchedule") ISchedule lrSchedule,
            @JsonProperty("lrDecay") double lrDecay,
            @JsonProperty("initialAccumulatorValue") double initialAccumulatorValue,
            @JsonProperty("eps") double eps,
            @JsonProperty("weightDecay") double weightDecay,
            @JsonProperty("configured") boolean configured) {
        super(lr, lrSchedule, weightDecay, configured);
        this.lrDecay = lrDecay;
        this.initialAccumulatorValue = initialAccumulatorValue;
        this.eps = eps;
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
        return AdagradState.ARRAYS * numParams;
    }

    @Override
    GradientUpdater<?> overState() {
        return new AdagradState(this);
    }

    @Override
    public TorchAdagrad clone() {
        return copy(getLr(), getLrSchedule(), getWeightDecay(), isConfigured());
    }

    @Override
    TorchUpdater ofTwoBiases() {
        requireNoCoupledDecayOfTwoBiases("Adagrad");
        return super.ofTwoBiases();
    }

    @Override
    TorchAdagrad copy(double lr, ISchedule lrSchedule, double weightDecay, boolean configured) {
        return new TorchAdagrad(lr, lrSchedule, lrDecay, initialAccumulatorValue, eps, weightDecay, configured);
    }

    /**
     * The decay of the rate with each step.
     *
     * @return torch's {@code lr_decay}
     */
    public double getLrDecay() {
        return lrDecay;
    }

    /**
     * The initial value of the sum of squares.
     *
     * @return torch's {@code initial_accumulator_value}
     */
    public double getInitialAccumulatorValue() {
        return initialAccumulatorValue;
    }

    /**
     * The number added to the denominator.
     *
     * @return torch's {@code eps}
     */
    public double getEps() {
        return eps;
    }

    @Override
    public boolean equals(Object other) {
        return hasOptionsOf(other)
                && Double.compare(lrDecay, ((TorchAdagrad) other).lrDecay) == 0
                && Double.compare(initialAccumulatorValue, ((TorchAdagrad) other).initialAccumulatorValue) == 0
                && Double.compare(eps, ((TorchAdagrad) other).eps) == 0;
    }

    @Override
    public int hashCode() {
        // the learning rate is left out, because it changes while the updater is in use
        return Objects.hash(lrDecay, initialAccumulatorValue, eps, getWeightDecay());
    }

    @Override
    public String toString() {
        return "TorchAdagrad(" + lrText() + ", lrDecay=" + lrDecay + ", initialAccumulatorValue="
                + initialAccumulatorValue + ", eps=" + eps + ", weightDecay=" + getWeightDecay() + ")";
    }

    /**
     * Builds a {@link TorchAdagrad}.
     *
     * @since 0.1.0
     */
    public static final class Builder extends UpdaterBuilder<Builder> {
        private double lrDecay;
        private double initialAccumulatorValue;
        private double eps = 1e-10;

        private Builder() {
            super(1e-2, 0);
        }

        /**
         * The decay of the rate with each step.
         *
         * @param lrDecay torch's {@code lr_decay}, 0 by default
         * @return this builder
         */
        public Builder lrDecay(double lrDecay) {
            this.lrDecay = lrDecay;
            return this;
        }

        /**
         * The initial value of the sum of squares.
         *
         * @param initialAccumulatorValue torch's {@code initial_accumulator_value}, 0 by default
         * @return this builder
         */
        public Builder initialAccumulatorValue(double initialAccumulatorValue) {
            this.initialAccumulatorValue = initialAccumulatorValue;
            return this;
        }

        /**
         * The number added to the denominator.
         *
         * @param eps 1e-10 by default
         * @return this builder
         */
        public Builder eps(double eps) {
            this.eps = eps;
            return this;
        }

        /**
         * Checks the options.
         *
         * @return an updater
         * @throws IllegalArgumentException for what torch refuses: a negative (or NaN) option, a schedule that cycles a
         *     momentum
         */
        public TorchAdagrad build() {
            validateCommon();
            require(lrDecay >= 0, "Invalid lr_decay value: " + lrDecay + ". (lrDecay must be 0 or more)");
            require(
                    initialAccumulatorValue >= 0,
                    "Invalid initial_accumulator_value value: " + initialAccumulatorValue
                            + ". (initialAccumulatorValue must be 0 or more)");
            require(eps >= 0, "Invalid epsilon value: " + eps + ". (eps must be 0 or more)");
            TorchAdagrad built =
                    new TorchAdagrad(lr, lrSchedule, lrDecay, initialAccumulatorValue, eps, weightDecay, false);
            require(
                    !built.cyclesMomentum(),
                    "optimizer must support momentum or beta1 with `cycle_momentum` option enabled. (Adagrad has none; set"
                            + " cycleMomentum(false))");
            return built;
        }
    }
}
