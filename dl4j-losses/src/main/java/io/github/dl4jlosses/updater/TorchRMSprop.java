/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.Objects;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * RMSprop, torch's {@code optim.RMSprop}: steps are divided by the size of recent gradients.
 *
 * <p>Formula, g being the gradient plus {@code weightDecay} times the parameter: v = alpha v + (1 - alpha) g^2; with
 * {@code centered} also a = alpha a + (1 - alpha) g; d = g / (sqrt(v) + eps), or g / (sqrt(v - a^2) + eps). The step is
 * lr d, or lr b with momentum, where b = momentum b + d. DL4J's {@code RmsProp} adds eps under the root and begins with
 * v = eps.
 *
 * <p>Defaults: {@code lr} 0.01, {@code alpha} 0.99, {@code eps} 1e-8, no momentum, weight decay or centering.
 *
 * <pre>{@code
 * new NeuralNetConfiguration.Builder().updater(TorchRMSprop.builder().lr(0.001).build())
 * }</pre>
 *
 * <p>Errors: {@code build()} throws {@link IllegalArgumentException} as torch does. Reference: torch.optim.RMSprop, torch
 * 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchRMSprop extends TorchUpdater {
    private static final long serialVersionUID = 1L;

    /** The decay of the mean of the squares. */
    private final double alpha;
    /** The number added to the denominator. */
    private final double eps;
    /** The share of the last step that is kept; 0: none. */
    private final double momentum;
    /** Whether to divide by the standard deviation of the gradients instead of their root mean square. */
    private final boolean centered;

    @JsonCreator
    private TorchRMSprop(
            @JsonProperty("lr") double lr,
            @JsonProperty("lrSchedule") ISchedule lrSchedule,
            @JsonProperty("alpha") double alpha,
            @JsonProperty("eps") double eps,
            @JsonProperty("momentum") double momentum,
            @JsonProperty("centered") boolean centered,
            @JsonProperty("weightDecay") double weightDecay,
            @JsonProperty("configured") boolean configured) {
        super(lr, lrSchedule, weightDecay, configured);
        this.alpha = alpha;
        this.eps = eps;
        this.momentum = momentum;
        this.centered = centered;
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
        return RmsPropState.names(this).length * numParams;
    }

    @Override
    GradientUpdater<?> overState() {
        return new RmsPropState(this);
    }

    @Override
    public TorchRMSprop clone() {
        return copy(getLr(), getLrSchedule(), getWeightDecay(), isConfigured());
    }

    @Override
    TorchUpdater ofTwoBiases() {
        requireNoCoupledDecayOfTwoBiases("RMSprop");
        return super.ofTwoBiases();
    }

    @Override
    TorchRMSprop copy(double lr, ISchedule lrSchedule, double weightDecay, boolean configured) {
        return new TorchRMSprop(lr, lrSchedule, alpha, eps, momentum, centered, weightDecay, configured);
    }

    /**
     * The decay of the mean of the squares.
     *
     * @return torch's {@code alpha}
     */
    public double getAlpha() {
        return alpha;
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
     * Whether to divide by the standard deviation of the gradients instead of their root mean square.
     *
     * @return torch's {@code centered}
     */
    public boolean isCentered() {
        return centered;
    }

    @Override
    public boolean equals(Object other) {
        return hasOptionsOf(other)
                && Double.compare(alpha, ((TorchRMSprop) other).alpha) == 0
                && Double.compare(eps, ((TorchRMSprop) other).eps) == 0
                && Double.compare(momentum, ((TorchRMSprop) other).momentum) == 0
                && centered == ((TorchRMSprop) other).centered;
    }

    @Override
    public int hashCode() {
        // the learning rate is left out, because it changes while the updater is in use
        return Objects.hash(alpha, eps, momentum, centered, getWeightDecay());
    }

    @Override
    public String toString() {
        return "TorchRMSprop(" + lrText() + ", alpha=" + alpha + ", eps=" + eps + ", momentum=" + momentum
                + ", centered=" + centered + ", weightDecay=" + getWeightDecay() + ")";
    }

    /**
     * Builds a {@link TorchRMSprop}.
     *
     * @since 0.1.0
     */
    public static final class Builder extends UpdaterBuilder<Builder> {
        private double alpha = 0.99;
        private double eps = 1e-8;
        private double momentum;
        private boolean centered;

        private Builder() {
            super(1e-2, 0);
        }

        /**
         * The decay of the mean of the squares.
         *
         * @param alpha 0.99 by default
         * @return this builder
         */
        public Builder alpha(double alpha) {
            this.alpha = alpha;
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
         * Whether to divide by the standard deviation of the gradients instead of their root mean square.
         *
         * @param centered false by default
         * @return this builder
         */
        public Builder centered(boolean centered) {
            this.centered = centered;
            return this;
        }

        /**
         * Checks the options.
         *
         * @return an updater
         * @throws IllegalArgumentException for what torch refuses: a negative (or NaN) lr, eps, momentum, alpha or weight
         *     decay
         */
        public TorchRMSprop build() {
            validateCommon();
            require(eps >= 0, "Invalid epsilon value: " + eps + ". (eps must be 0 or more)");
            require(momentum >= 0, "Invalid momentum value: " + momentum + ". (momentum must be 0 or more)");
            require(alpha >= 0, "Invalid alpha value: " + alpha + ". (alpha must be 0 or more)");
            TorchRMSprop built = new TorchRMSprop(lr, lrSchedule, alpha, eps, momentum, centered, weightDecay, false);
            // torch's scheduler sets the momentum when it is made; an updater with momentum keeps a state
            double first = built.getMomentum(0, 0);
            return first == momentum
                    ? built
                    : new TorchRMSprop(lr, lrSchedule, alpha, eps, first, centered, weightDecay, false);
        }
    }
}
