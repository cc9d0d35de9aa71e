/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.Objects;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Adam with Nesterov momentum, which looks one step ahead; torch's {@code optim.NAdam}.
 *
 * <p>Formula, g being the gradient plus {@code weightDecay} times the parameter, at step t: mu(t) = beta1 (1 - 0.96^(t
 * momentumDecay) / 2), M = mu(1) .. mu(t), m and v as in {@link TorchAdam}; the step is lr ((1 - mu(t)) g / (1 - M) + mu(t + 1)
 * m / (1 - M mu(t + 1))) / (sqrt(v / (1 - beta2^t)) + eps). With {@code decoupledWeightDecay} g is the bare gradient and the
 * parameter shrinks by lr {@code weightDecay} times itself. DL4J's {@code Nadam} has no mu.
 *
 * <p>Defaults: {@code lr} 0.002, {@code beta1} 0.9, {@code beta2} 0.999, {@code eps} 1e-8, {@code momentumDecay} 0.004, no
 * weight decay. The state is four times as large as the parameters.
 *
 * <pre>{@code
 * new NeuralNetConfiguration.Builder().updater(TorchNAdam.builder().lr(0.01).build())
 * }</pre>
 *
 * <p>Errors: {@code build()} throws {@link IllegalArgumentException} as torch does. Reference: torch.optim.NAdam, torch
 * 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchNAdam extends TorchUpdater {
    private static final long serialVersionUID = 1L;

    /** The decay of the mean of the gradients. */
    private final double beta1;
    /** The decay of the mean of their squares. */
    private final double beta2;
    /** The number added to the denominator. */
    private final double eps;
    /** How fast the momentum approaches beta1. */
    private final double momentumDecay;
    /** Whether weight decay shrinks the parameters apart from the step. */
    private final boolean decoupledWeightDecay;

    @JsonCreator
    private TorchNAdam(
            @JsonProperty("lr") double lr,
            @JsonProperty("lrSchedule") ISchedule lrSchedule,
            @JsonProperty("beta1") double beta1,
            @JsonProperty("beta2") double beta2,
            @JsonProperty("eps") double eps,
            @JsonProperty("momentumDecay") double momentumDecay,
            @JsonProperty("decoupledWeightDecay") boolean decoupledWeightDecay,
            @JsonProperty("weightDecay") double weightDecay,
            @JsonProperty("configured") boolean configured) {
        super(lr, lrSchedule, weightDecay, configured);
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.eps = eps;
        this.momentumDecay = momentumDecay;
        this.decoupledWeightDecay = decoupledWeightDecay;
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
        return NAdamState.ARRAYS * numParams;
    }

    @Override
    GradientUpdater<?> overState() {
        return new NAdamState(this);
    }

    @Override
    TorchWeightDecay decay() {
        return new TorchWeightDecay(getWeightDecay(), decoupledWeightDecay);
    }

    @Override
    public TorchNAdam clone() {
        return copy(getLr(), getLrSchedule(), getWeightDecay(), isConfigured());
    }

    @Override
    TorchUpdater ofTwoBiases() {
        if (!decoupledWeightDecay) {
            requireNoCoupledDecayOfTwoBiases("NAdam");
        }
        return super.ofTwoBiases();
    }

    @Override
    TorchNAdam copy(double lr, ISchedule lrSchedule, double weightDecay, boolean configured) {
        return new TorchNAdam(
                lr, lrSchedule, beta1, beta2, eps, momentumDecay, decoupledWeightDecay, weightDecay, configured);
    }

    /**
     * The decay of the mean of the gradients.
     *
     * @return from 0 to less than 1
     */
    public double getBeta1() {
        return beta1;
    }

    /**
     * The decay of the mean of the gradients at a step, which a {@link TorchOneCycleLR} may set.
     *
     * @param iteration the step
     * @param epoch the epoch, which torch's schedules ignore
     * @return from 0 to less than 1
     */
    public double getBeta1(int iteration, int epoch) {
        return momentumOr(beta1, iteration, epoch);
    }

    /**
     * The decay of the mean of their squares.
     *
     * @return from 0 to less than 1
     */
    public double getBeta2() {
        return beta2;
    }

    /**
     * The number added to the denominator.
     *
     * @return torch's {@code eps}
     */
    public double getEps() {
        return eps;
    }

    /**
     * How fast the momentum approaches beta1.
     *
     * @return torch's {@code momentum_decay}
     */
    public double getMomentumDecay() {
        return momentumDecay;
    }

    /**
     * Whether weight decay shrinks the parameters apart from the step.
     *
     * @return torch's {@code decoupled_weight_decay}
     */
    public boolean isDecoupledWeightDecay() {
        return decoupledWeightDecay;
    }

    @Override
    public boolean equals(Object other) {
        return hasOptionsOf(other)
                && Double.compare(beta1, ((TorchNAdam) other).beta1) == 0
                && Double.compare(beta2, ((TorchNAdam) other).beta2) == 0
                && Double.compare(eps, ((TorchNAdam) other).eps) == 0
                && Double.compare(momentumDecay, ((TorchNAdam) other).momentumDecay) == 0
                && decoupledWeightDecay == ((TorchNAdam) other).decoupledWeightDecay;
    }

    @Override
    public int hashCode() {
        // the learning rate is left out, because it changes while the updater is in use
        return Objects.hash(beta1, beta2, eps, momentumDecay, decoupledWeightDecay, getWeightDecay());
    }

    @Override
    public String toString() {
        return "TorchNAdam(" + lrText() + ", beta1=" + beta1 + ", beta2=" + beta2 + ", eps=" + eps + ", momentumDecay="
                + momentumDecay + ", decoupledWeightDecay=" + decoupledWeightDecay + ", weightDecay="
                + getWeightDecay() + ")";
    }

    /**
     * Builds a {@link TorchNAdam}.
     *
     * @since 0.1.0
     */
    public static final class Builder extends UpdaterBuilder<Builder> {
        private double beta1 = 0.9;
        private double beta2 = 0.999;
        private double eps = 1e-8;
        private double momentumDecay = 4e-3;
        private boolean decoupledWeightDecay;

        private Builder() {
            super(2e-3, 0);
        }

        /**
         * The decay of the mean of the gradients.
         *
         * @param beta1 0.9 by default
         * @return this builder
         */
        public Builder beta1(double beta1) {
            this.beta1 = beta1;
            return this;
        }

        /**
         * The decay of the mean of their squares.
         *
         * @param beta2 0.999 by default
         * @return this builder
         */
        public Builder beta2(double beta2) {
            this.beta2 = beta2;
            return this;
        }

        /**
         * The number added to the denominator.
         *
         * @param eps 1e-8 by default
         * @return this builder
         */
        public Builder eps(double eps) {
            this.eps = eps;
            return this;
        }

        /**
         * How fast the momentum approaches beta1.
         *
         * @param momentumDecay torch's {@code momentum_decay}, 0.004 by default
         * @return this builder
         */
        public Builder momentumDecay(double momentumDecay) {
            this.momentumDecay = momentumDecay;
            return this;
        }

        /**
         * Whether weight decay shrinks the parameters apart from the step, as in {@link TorchAdamW}.
         *
         * @param decoupledWeightDecay torch's {@code decoupled_weight_decay}, false by default
         * @return this builder
         */
        public Builder decoupledWeightDecay(boolean decoupledWeightDecay) {
            this.decoupledWeightDecay = decoupledWeightDecay;
            return this;
        }

        /**
         * Checks the options.
         *
         * @return an updater
         * @throws IllegalArgumentException for what torch refuses: a negative (or NaN) lr, eps, momentumDecay or weight
         *     decay, a beta outside [0, 1)
         */
        public TorchNAdam build() {
            validateCommon();
            require(eps >= 0, "Invalid epsilon value: " + eps + ". (eps must be 0 or more)");
            requireBeta(0, beta1);
            requireBeta(1, beta2);
            require(
                    momentumDecay >= 0,
                    "Invalid momentum_decay value: " + momentumDecay + ". (momentumDecay must be 0 or more)");
            return new TorchNAdam(
                    lr, lrSchedule, beta1, beta2, eps, momentumDecay, decoupledWeightDecay, weightDecay, false);
        }
    }
}
