/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.Map;
import java.util.TreeMap;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A learning rate that falls along half a cosine, torch's {@code lr_scheduler.CosineAnnealingLR}.
 *
 * <p>Formula, at step t: etaMin + (lr - etaMin) (1 + cos(pi t / tMax)) / 2. After {@code tMax} steps it rises again, as
 * in torch.
 *
 * <p>Defaults: {@code etaMin} 0. {@code lr}, the optimizer's learning rate, and {@code tMax} must be set.
 *
 * <pre>{@code
 * TorchSGD.builder().lrSchedule(TorchCosineAnnealingLR.builder().lr(0.1).tMax(1000).build()).build()
 * }</pre>
 *
 * <p>Errors: {@code build()} throws {@link IllegalArgumentException}. Reference:
 * torch.optim.lr_scheduler.CosineAnnealingLR, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchCosineAnnealingLR extends TorchSchedule {
    private static final long serialVersionUID = 1L;

    /** The rate at the start. */
    @JsonProperty
    private final double lr;

    /** The steps from the largest rate to the smallest. */
    @JsonProperty
    private final int tMax;

    /** The smallest rate. */
    @JsonProperty
    private final double etaMin;

    @JsonCreator
    private TorchCosineAnnealingLR(
            @JsonProperty("lr") double lr,
            @JsonProperty("tMax") int tMax,
            @JsonProperty("etaMin") double etaMin,
            @JsonProperty("every") int every) {
        super(every);
        this.lr = lr;
        this.tMax = tMax;
        this.etaMin = etaMin;
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
    double rate(int step, int epoch) {
        return etaMin + (lr - etaMin) * (1 + Math.cos(Math.PI * step / tMax)) / 2;
    }

    @Override
    Map<String, Object> options() {
        return new TreeMap<>(Map.of("lr", lr, "tMax", tMax, "etaMin", etaMin));
    }

    /**
     * Builds a {@link TorchCosineAnnealingLR}.
     *
     * @since 0.1.0
     */
    public static final class Builder extends TorchSchedule.Builder<Builder> {
        private double lr = Double.NaN;
        private int tMax;
        private double etaMin;

        private Builder() {}

        /**
         * The learning rate at the beginning, the optimizer's.
         *
         * @param lr must be set
         * @return this builder
         */
        public Builder lr(double lr) {
            this.lr = lr;
            return this;
        }

        /**
         * The steps from the highest to the lowest rate.
         *
         * @param tMax torch's {@code T_max}; must be set
         * @return this builder
         */
        public Builder tMax(int tMax) {
            this.tMax = tMax;
            return this;
        }

        /**
         * The lowest rate.
         *
         * @param etaMin torch's {@code eta_min}, 0 by default
         * @return this builder
         */
        public Builder etaMin(double etaMin) {
            this.etaMin = etaMin;
            return this;
        }

        /**
         * Checks the options.
         *
         * @return a schedule
         * @throws IllegalArgumentException if {@code lr} or {@code tMax} is not set, or an option is out of its range
         */
        public TorchCosineAnnealingLR build() {
            validateCommon();
            requireRate("lr", lr);
            UpdaterBuilder.require(tMax >= 1, "tMax must be set, to 1 or more, but is " + tMax);
            UpdaterBuilder.require(!Double.isNaN(etaMin), "etaMin must be a number");
            return new TorchCosineAnnealingLR(lr, tMax, etaMin, every);
        }
    }
}
