/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Adam, torch's {@code optim.Adam}.
 *
 * <p>Formula, g being the gradient plus {@code weightDecay} times the parameter, at step t: m = beta1 m + (1 - beta1)
 * g, v = beta2 v + (1 - beta2) g^2; the step is lr / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + eps). DL4J's
 * {@code Adam} adds eps before the bias correction, which changes the size of the first steps.
 *
 * <p>Defaults: {@code lr} 0.001, {@code beta1} 0.9, {@code beta2} 0.999, {@code eps} 1e-8, no weight decay, no
 * {@code amsgrad}, which replaces v by the largest v so far. The state is three times as large as the parameters, four
 * times with {@code amsgrad}: as in torch, each parameter has its own count of steps, t.
 *
 * <pre>{@code
 * new NeuralNetConfiguration.Builder().updater(TorchAdam.builder().lr(0.01).build())
 * }</pre>
 *
 * <p>Errors: {@code build()} throws {@link IllegalArgumentException} as torch does. Reference: torch.optim.Adam, torch
 * 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchAdam extends BaseAdam {
    private static final long serialVersionUID = 1L;

    @JsonCreator
    private TorchAdam(
            @JsonProperty("lr") double lr,
            @JsonProperty("lrSchedule") ISchedule lrSchedule,
            @JsonProperty("beta1") double beta1,
            @JsonProperty("beta2") double beta2,
            @JsonProperty("eps") double eps,
            @JsonProperty("weightDecay") double weightDecay,
            @JsonProperty("amsgrad") boolean amsgrad,
            @JsonProperty("configured") boolean configured) {
        super(lr, lrSchedule, beta1, beta2, eps, weightDecay, amsgrad, configured);
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
    public TorchAdam clone() {
        return copy(getLr(), getLrSchedule(), getWeightDecay(), isConfigured());
    }

    @Override
    TorchUpdater ofTwoBiases() {
        requireNoCoupledDecayOfTwoBiases("Adam");
        return super.ofTwoBiases();
    }

    @Override
    TorchAdam copy(double lr, ISchedule lrSchedule, double weightDecay, boolean configured) {
        return new TorchAdam(lr, lrSchedule, getBeta1(), getBeta2(), getEps(), weightDecay, isAmsgrad(), configured);
    }

    /**
     * Builds a {@link TorchAdam}.
     *
     * @since 0.1.0
     */
    public static final class Builder extends BaseAdam.Builder<Builder> {
        private Builder() {
            super(0);
        }

        /**
         * Checks the options.
         *
         * @return an updater
         * @throws IllegalArgumentException for what torch refuses: a negative (or NaN) lr, eps or weight decay, a beta
         *     outside [0, 1)
         */
        public TorchAdam build() {
            validate();
            return new TorchAdam(lr, lrSchedule, beta1, beta2, eps, weightDecay, amsgrad, false);
        }
    }
}
