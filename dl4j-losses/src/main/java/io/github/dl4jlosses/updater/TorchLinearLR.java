/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.Map;
import java.util.TreeMap;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A learning rate that changes along a line and then stays constant, torch's {@code lr_scheduler.LinearLR}: the usual
 * warm-up.
 *
 * <p>Formula, at step t: lr (startFactor + (endFactor - startFactor) min(t, totalIters) / totalIters). To continue with
 * another schedule, put both into a {@link TorchSequentialLR}.
 *
 * <p>Defaults: {@code startFactor} 1/3, {@code endFactor} 1, {@code totalIters} 5. {@code lr}, the optimizer's learning rate,
 * must be set.
 *
 * <pre>{@code
 * TorchAdamW.builder().lrSchedule(TorchLinearLR.builder().lr(0.01).startFactor(0.1).totalIters(100).build())
 * }</pre>
 *
 * <p>Errors: {@code build()} throws {@link IllegalArgumentException} as torch does. Reference:
 * torch.optim.lr_scheduler.LinearLR, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchLinearLR extends TorchSchedule {
    private static final long serialVersionUID = 1L;

    /** The rate that the factors multiply. */
    @JsonProperty
    private final double lr;

    /** The factor of the first step. */
    @JsonProperty
    private final double startFactor;

    /** The factor at the end. */
    @JsonProperty
    private final double endFactor;

    /** Steps from the first factor to the last. */
    @JsonProperty
    private final int totalIters;

    @JsonCreator
    private TorchLinearLR(
            @JsonProperty("lr") double lr,
            @JsonProperty("startFactor") double startFactor,
            @JsonProperty("endFactor") double endFactor,
            @JsonProperty("totalIters") int totalIters,
            @JsonProperty("every") int every) {
        super(every);
        this.lr = lr;
        this.startFactor = startFactor;
        this.endFactor = endFactor;
        this.totalIters = totalIters;
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
        return lr * (startFactor + (endFactor - startFactor) * Math.min(step, totalIters) / totalIters);
    }

    @Override
    Map<String, Object> options() {
        return new TreeMap<>(
                Map.of("lr", lr, "startFactor", startFactor, "endFactor", endFactor, "totalIters", totalIters));
    }

    /**
     * Builds a {@link TorchLinearLR}.
     *
     * @since 0.1.0
     */
    public static final class Builder extends TorchSchedule.Builder<Builder> {
        private double lr = Double.NaN;
        private double startFactor = 1.0 / 3;
        private double endFactor = 1;
        private int totalIters = 5;

        private Builder() {}

        /**
         * The learning rate of the optimizer.
         *
         * @param lr must be set
         * @return this builder
         */
        public Builder lr(double lr) {
            this.lr = lr;
            return this;
        }

        /**
         * The share of the learning rate at the first step.
         *
         * @param startFactor torch's {@code start_factor}, 1/3 by default
         * @return this builder
         */
        public Builder startFactor(double startFactor) {
            this.startFactor = startFactor;
            return this;
        }

        /**
         * The share of the learning rate at the end.
         *
         * @param endFactor torch's {@code end_factor}, 1 by default
         * @return this builder
         */
        public Builder endFactor(double endFactor) {
            this.endFactor = endFactor;
            return this;
        }

        /**
         * The number of steps between the two.
         *
         * @param totalIters torch's {@code total_iters}, 5 by default
         * @return this builder
         */
        public Builder totalIters(int totalIters) {
            this.totalIters = totalIters;
            return this;
        }

        /**
         * Checks the options.
         *
         * @return a schedule
         * @throws IllegalArgumentException if {@code lr} is not set; for what torch refuses: a startFactor outside (0, 1], an
         *     endFactor outside [0, 1]; for totalIters below 1
         */
        public TorchLinearLR build() {
            validateCommon();
            requireRate("lr", lr);
            UpdaterBuilder.require(
                    startFactor > 0 && startFactor <= 1,
                    "Starting multiplicative factor expected to be greater than 0 and less or equal to 1. (startFactor is "
                            + startFactor + ")");
            UpdaterBuilder.require(
                    endFactor >= 0 && endFactor <= 1,
                    "Ending multiplicative factor expected to be between 0 and 1. (endFactor is " + endFactor + ")");
            UpdaterBuilder.require(totalIters >= 1, "totalIters must be 1 or more, but is " + totalIters);
            return new TorchLinearLR(lr, startFactor, endFactor, totalIters, every);
        }
    }
}
