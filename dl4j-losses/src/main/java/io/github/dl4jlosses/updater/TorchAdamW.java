/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Adam with decoupled weight decay, torch's {@code optim.AdamW}.
 *
 * <p>Formula: the step of {@link TorchAdam} for the bare gradient; in addition each parameter shrinks by lr
 * {@code weightDecay} times itself.
 *
 * <p>Defaults: {@code lr} 0.001, {@code beta1} 0.9, {@code beta2} 0.999, {@code eps} 1e-8, {@code weightDecay} 0.01. An
 * updater never sees the parameters, so {@link #configure} puts updater and weight decay into a configuration together.
 *
 * <pre>{@code
 * TorchAdamW.builder().lr(0.01).build().configure(new NeuralNetConfiguration.Builder().seed(1)).list() // ..
 * }</pre>
 *
 * <p>Errors: {@code build()} throws {@link IllegalArgumentException} as torch does. Reference: torch.optim.AdamW, torch
 * 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchAdamW extends BaseAdam {
    private static final long serialVersionUID = 1L;

    @JsonCreator
    private TorchAdamW(
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
    TorchWeightDecay decay() {
        return new TorchWeightDecay(getWeightDecay(), true);
    }

    @Override
    public TorchAdamW clone() {
        return copy(getLr(), getLrSchedule(), getWeightDecay(), isConfigured());
    }

    @Override
    TorchAdamW copy(double lr, ISchedule lrSchedule, double weightDecay, boolean configured) {
        return new TorchAdamW(lr, lrSchedule, getBeta1(), getBeta2(), getEps(), weightDecay, isAmsgrad(), configured);
    }

    /**
     * Builds a {@link TorchAdamW}.
     *
     * @since 0.1.0
     */
    public static final class Builder extends BaseAdam.Builder<Builder> {
        private Builder() {
            super(1e-2);
        }

        /**
         * Checks the options.
         *
         * @return an updater
         * @throws IllegalArgumentException for what torch refuses: a negative (or NaN) lr, eps or weight decay, a beta
         *     outside [0, 1)
         */
        public TorchAdamW build() {
            validate();
            return new TorchAdamW(lr, lrSchedule, beta1, beta2, eps, weightDecay, amsgrad, false);
        }
    }
}
