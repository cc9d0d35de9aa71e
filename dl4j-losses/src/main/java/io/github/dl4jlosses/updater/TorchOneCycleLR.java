/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.Map;
import java.util.TreeMap;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A learning rate that rises and then falls while the momentum does the opposite, torch's {@code lr_scheduler.OneCycleLR}.
 *
 * <p>Formula: from maxLr / divFactor at step 0 to {@code maxLr} at step pctStart totalSteps - 1, and from there to
 * maxLr / divFactor / finalDivFactor at step totalSteps - 1, along half a cosine or a line. With {@code threePhase} it
 * first falls back to the first rate, in as many steps as it rose. The momentum goes from {@code maxMomentum} to
 * {@code baseMomentum} and back; as in torch it overrides {@code momentum} of {@link TorchSGD} and {@code beta1} of the
 * others. DL4J's own updaters use the learning rate only.
 *
 * <p>Defaults: {@code pctStart} 0.3, cosine, {@code cycleMomentum} true, {@code baseMomentum} 0.85, {@code maxMomentum} 0.95,
 * {@code divFactor} 25, {@code finalDivFactor} 1e4. {@code maxLr} and {@code totalSteps} must be set.
 *
 * <pre>{@code
 * TorchAdam.builder().lrSchedule(TorchOneCycleLR.builder().maxLr(0.01).totalSteps(1000).build()).build()
 * }</pre>
 *
 * <p>Errors: {@code build()} throws {@link IllegalArgumentException}; a step beyond {@code totalSteps} throws an
 * {@link IllegalStateException}, as in torch. Reference: torch.optim.lr_scheduler.OneCycleLR, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchOneCycleLR extends TorchSchedule implements MomentumCycle {
    private static final long serialVersionUID = 1L;

    /** The largest rate. */
    @JsonProperty
    private final double maxLr;

    /** The number of steps in the whole cycle. */
    @JsonProperty
    private final int totalSteps;

    /** The share of the steps during which the rate rises. */
    @JsonProperty
    private final double pctStart;

    /** Whether rates follow lines; otherwise half cosines. */
    @JsonProperty
    private final boolean linear;

    /** Whether the momentum, or beta1, falls while the rate rises. */
    @JsonProperty
    private final boolean cycleMomentum;

    /** The smallest momentum. */
    @JsonProperty
    private final double baseMomentum;

    /** The largest momentum. */
    @JsonProperty
    private final double maxMomentum;

    /** The largest rate divided by the first one. */
    @JsonProperty
    private final double divFactor;

    /** The first rate divided by the last one. */
    @JsonProperty
    private final double finalDivFactor;

    /** Whether the rate returns to the first one before it falls to the last. */
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
     * Starts a builder with torch's defaults.
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

    /** The value at a step, given the values at the ends of the phases. */
    private double between(double[] corners, int step) {
        if (step > totalSteps) {
            throw new IllegalStateException(
                    "Tried to step " + (step + 1) + " times. The specified number of total steps is " + totalSteps
                            + ". (totalSteps of " + this + ")");
        }
        return new OneCyclePhases(pctStart, totalSteps, threePhase, linear).between(corners, step);
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
    public static final class Builder extends OneCycleBuilder<Builder> {
        private Builder() {}

        /**
         * Checks the options.
         *
         * @return a schedule
         * @throws IllegalArgumentException if {@code maxLr} or {@code totalSteps} is not set, pctStart is outside [0, 1], a
         *     momentum outside [0, 1), a factor not above 0; if no step is left for a phase, where torch divides by 0
         */
        public TorchOneCycleLR build() {
            validate();
            return new TorchOneCycleLR(
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
        }
    }
}
