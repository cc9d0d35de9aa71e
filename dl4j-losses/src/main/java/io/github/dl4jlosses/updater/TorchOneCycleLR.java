/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.Map;
import java.util.TreeMap;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A learning rate that rises and then falls while the momentum does the opposite, torch's {@code lr_scheduler.OneCycleLR}.
 *
 * <p>Formula: from maxLr / divFactor at step 0 to {@code maxLr} at step pctStart totalSteps - 1, and from there to maxLr /
 * divFactor / finalDivFactor at step totalSteps - 1, along half a cosine or a line. With {@code threePhase} it first falls
 * back to where it began, in as many steps as it rose. The momentum goes from {@code maxMomentum} to {@code baseMomentum} and
 * back; as in torch it takes the place of {@code momentum} of {@link TorchSGD} and of {@code beta1} of the others, whatever
 * these are. Updaters of DL4J see the learning rate only.
 *
 * <p>Defaults: {@code pctStart} 0.3, cosine, {@code cycleMomentum} true, {@code baseMomentum} 0.85, {@code maxMomentum} 0.95,
 * {@code divFactor} 25, {@code finalDivFactor} 1e4. {@code maxLr} and {@code totalSteps} must be set.
 *
 * <pre>{@code
 * TorchAdam.builder().lrSchedule(TorchOneCycleLR.builder().maxLr(0.01).totalSteps(1000).build()).build()
 * }</pre>
 *
 * <p>Errors: {@code build()} throws {@link IllegalArgumentException}; a step beyond {@code totalSteps} is an
 * {@link IllegalStateException}, as in torch. Reference: torch.optim.lr_scheduler.OneCycleLR, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchOneCycleLR extends TorchSchedule implements MomentumCycle {
    private static final long serialVersionUID = 1L;

    /** The largest rate. */
    @JsonProperty
    private final double maxLr;

    /** Steps of the whole cycle. */
    @JsonProperty
    private final int totalSteps;

    /** The share of the steps in which the rate grows. */
    @JsonProperty
    private final double pctStart;

    /** Whether rates move along lines; else along cosines. */
    @JsonProperty
    private final boolean linear;

    /** Whether the momentum, or beta1, moves against the rate. */
    @JsonProperty
    private final boolean cycleMomentum;

    /** The smallest momentum. */
    @JsonProperty
    private final double baseMomentum;

    /** The largest momentum. */
    @JsonProperty
    private final double maxMomentum;

    /** How many times the largest rate is the first one. */
    @JsonProperty
    private final double divFactor;

    /** How many times the first rate is the last one. */
    @JsonProperty
    private final double finalDivFactor;

    /** Whether a third phase follows back at the first rate. */
    @JsonProperty
    private final boolean threePhase;

    @JsonCreator
    private TorchOneCycleLR(
            @JsonProperty("maxLr") double maxLr,
            @JsonProperty("totalSteps") int totalSteps,
            @JsonProperty("pctStart") double pctStart,
            @JsonProperty("linear") boolean linear,
            @JsonProperty("cycleMomentum") boolean cycleMomentum,
            @JsonProperty("baseMomentum") double baseMomentum,
            @JsonProperty("maxMomentum") double maxMomentum,
            @JsonProperty("divFactor") double divFactor,
            @JsonProperty("finalDivFactor") double finalDivFactor,
            @JsonProperty("threePhase") boolean threePhase,
            @JsonProperty("every") int every) {
        super(every);
        this.maxLr = maxLr;
        this.totalSteps = totalSteps;
        this.pctStart = pctStart;
        this.linear = linear;
        this.cycleMomentum = cycleMomentum;
        this.baseMomentum = baseMomentum;
        this.maxMomentum = maxMomentum;
        this.divFactor = divFactor;
        this.finalDivFactor = finalDivFactor;
        this.threePhase = threePhase;
    }

    /**
     * Begins with torch's defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    double rate(int step, int epoch) {
        double initial = maxLr / divFactor;
        double[] corners = threePhase
                ? new double[] {initial, maxLr, initial, initial / finalDivFactor}
                : new double[] {initial, maxLr, initial / finalDivFactor};
        return between(corners, step);
    }

    @Override
    public boolean cyclesMomentum() {
        return cycleMomentum;
    }

    @Override
    public double momentumAt(int iteration, int epoch) {
        double[] corners = threePhase
                ? new double[] {maxMomentum, baseMomentum, maxMomentum, maxMomentum}
                : new double[] {maxMomentum, baseMomentum, maxMomentum};
        return between(corners, step(iteration));
    }

    /** The value of a step, given those at the ends of the phases. */
    private double between(double[] corners, int step) {
        if (step > totalSteps) {
            throw new IllegalStateException(
                    "Tried to step " + (step + 1) + " times. The specified number of total steps is " + totalSteps
                            + ". (totalSteps of " + this + ")");
        }
        double[] ends = ends();
        int phase = 0;
        while (phase < ends.length - 2 && step > ends[phase + 1]) {
            phase++;
        }
        double share = (step - ends[phase]) / (ends[phase + 1] - ends[phase]);
        double from = corners[phase];
        double to = corners[phase + 1];
        return linear ? from + (to - from) * share : to + (from - to) / 2 * (1 + Math.cos(Math.PI * share));
    }

    /** The steps at which the phases begin and end. */
    private double[] ends() {
        double top = pctStart * totalSteps - 1;
        return threePhase
                ? new double[] {0, top, 2 * pctStart * totalSteps - 2, totalSteps - 1}
                : new double[] {0, top, totalSteps - 1};
    }

    @Override
    Map<String, Object> options() {
        Map<String, Object> options = new TreeMap<>();
        options.put("maxLr", maxLr);
        options.put("totalSteps", totalSteps);
        options.put("pctStart", pctStart);
        options.put("linear", linear);
        options.put("cycleMomentum", cycleMomentum);
        options.put("baseMomentum", baseMomentum);
        options.put("maxMomentum", maxMomentum);
        options.put("divFactor", divFactor);
        options.put("finalDivFactor", finalDivFactor);
        options.put("threePhase", threePhase);
        return options;
    }

    /**
     * Builds a {@link TorchOneCycleLR}.
     *
     * @since 0.1.0
     */
    public static final class Builder extends TorchSchedule.Builder<Builder> {
        private double maxLr = Double.NaN;
        private int totalSteps;
        private double pctStart = 0.3;
        private boolean linear;
        private boolean cycleMomentum = true;
        private double baseMomentum = 0.85;
        private double maxMomentum = 0.95;
        private double divFactor = 25;
        private double finalDivFactor = 1e4;
        private boolean threePhase;

        private Builder() {}

        /**
         * The highest learning rate.
         *
         * @param maxLr torch's {@code max_lr}; must be set
         * @return this builder
         */
        public Builder maxLr(double maxLr) {
            this.maxLr = maxLr;
            return this;
        }

        /**
         * The steps of the whole cycle.
         *
         * @param totalSteps torch's {@code total_steps}, or {@code epochs} times {@code steps_per_epoch}; must be set
         * @return this builder
         */
        public Builder totalSteps(int totalSteps) {
            this.totalSteps = totalSteps;
            return this;
        }

        /**
         * The share of the cycle in which the rate rises.
         *
         * @param pctStart torch's {@code pct_start}, 0.3 by default
         * @return this builder
         */
        public Builder pctStart(double pctStart) {
            this.pctStart = pctStart;
            return this;
        }

        /**
         * Whether the way is a line instead of half a cosine.
         *
         * @param linear true for torch's {@code anneal_strategy="linear"}
         * @return this builder
         */
        public Builder linear(boolean linear) {
            this.linear = linear;
            return this;
        }

        /**
         * Whether the momentum cycles as well.
         *
         * @param cycleMomentum torch's {@code cycle_momentum}, true by default
         * @return this builder
         */
        public Builder cycleMomentum(boolean cycleMomentum) {
            this.cycleMomentum = cycleMomentum;
            return this;
        }

        /**
         * The lowest momentum.
         *
         * @param baseMomentum torch's {@code base_momentum}, 0.85 by default
         * @return this builder
         */
        public Builder baseMomentum(double baseMomentum) {
            this.baseMomentum = baseMomentum;
            return this;
        }

        /**
         * The highest momentum, with which it begins.
         *
         * @param maxMomentum torch's {@code max_momentum}, 0.95 by default
         * @return this builder
         */
        public Builder maxMomentum(double maxMomentum) {
            this.maxMomentum = maxMomentum;
            return this;
        }

        /**
         * How much lower than the highest the first rate is.
         *
         * @param divFactor torch's {@code div_factor}, 25 by default
         * @return this builder
         */
        public Builder divFactor(double divFactor) {
            this.divFactor = divFactor;
            return this;
        }

        /**
         * How much lower than the first the last rate is.
         *
         * @param finalDivFactor torch's {@code final_div_factor}, 1e4 by default
         * @return this builder
         */
        public Builder finalDivFactor(double finalDivFactor) {
            this.finalDivFactor = finalDivFactor;
            return this;
        }

        /**
         * Whether the rate comes back to the first one before it falls to the last.
         *
         * @param threePhase torch's {@code three_phase}, false by default
         * @return this builder
         */
        public Builder threePhase(boolean threePhase) {
            this.threePhase = threePhase;
            return this;
        }

        /**
         * Checks the options.
         *
         * @return a schedule
         * @throws IllegalArgumentException if {@code maxLr} or {@code totalSteps} is not set, pctStart is outside [0, 1], a
         *     momentum outside [0, 1), a factor not above 0; if no step is left for a phase, where torch divides by 0
         */
        public TorchOneCycleLR build() {
            validateCommon();
            requireRate("maxLr", maxLr);
            UpdaterBuilder.require(
                    totalSteps >= 1, "Expected positive integer total_steps, but got " + totalSteps + ". (totalSteps)");
            UpdaterBuilder.require(
                    pctStart >= 0 && pctStart <= 1,
                    "Expected float between 0 and 1 pct_start, but got " + pctStart + ". (pctStart)");
            UpdaterBuilder.require(
                    divFactor > 0 && finalDivFactor > 0,
                    "divFactor and finalDivFactor must be above 0, but are " + divFactor + " and " + finalDivFactor);
            for (double momentum : new double[] {baseMomentum, maxMomentum}) {
                UpdaterBuilder.require(
                        momentum >= 0 && momentum < 1,
                        "baseMomentum and maxMomentum must be from 0 to less than 1, but one is " + momentum);
            }
            TorchOneCycleLR schedule = new TorchOneCycleLR(
                    maxLr,
                    totalSteps,
                    pctStart,
                    linear,
                    cycleMomentum,
                    baseMomentum,
                    maxMomentum,
                    divFactor,
                    finalDivFactor,
                    threePhase,
                    every);
            double[] ends = schedule.ends();
            for (int i = 1; i < ends.length; i++) {
                UpdaterBuilder.require(
                        ends[i] != ends[i - 1],
                        "pctStart " + pctStart + " of " + totalSteps
                                + " steps leaves no step for a phase; torch divides by 0");
            }
            return schedule;
        }
    }
}
