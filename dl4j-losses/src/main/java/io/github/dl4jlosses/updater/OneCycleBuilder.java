/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

/**
 * The options of a {@link TorchOneCycleLR}.
 *
 * @param <B> the builder itself, so that calls chain
 */
abstract class OneCycleBuilder<B extends OneCycleBuilder<B>> extends TorchSchedule.Builder<B> {
    double maxLr = Double.NaN;
    int totalSteps;
    double pctStart = 0.3;
    boolean linear;
    boolean cycleMomentum = true;
    double baseMomentum = 0.85;
    double maxMomentum = 0.95;
    double divFactor = 25;
    double finalDivFactor = 1e4;
    boolean threePhase;

    /**
     * The highest learning rate.
     *
     * @param maxLr torch's {@code max_lr}; must be set
     * @return this builder
     */
    public B maxLr(double maxLr) {
        this.maxLr = maxLr;
        return self();
    }

    /**
     * The number of steps in the whole cycle.
     *
     * @param totalSteps torch's {@code total_steps}, or {@code epochs} times {@code steps_per_epoch}; must be set
     * @return this builder
     */
    public B totalSteps(int totalSteps) {
        this.totalSteps = totalSteps;
        return self();
    }

    /**
     * The share of the cycle during which the rate rises.
     *
     * @param pctStart torch's {@code pct_start}, 0.3 by default
     * @return this builder
     */
    public B pctStart(double pctStart) {
        this.pctStart = pctStart;
        return self();
    }

    /**
     * Whether rates follow lines instead of half cosines.
     *
     * @param linear true for torch's {@code anneal_strategy="linear"}
     * @return this builder
     */
    public B linear(boolean linear) {
        this.linear = linear;
        return self();
    }

    /**
     * Whether the momentum cycles, too.
     *
     * @param cycleMomentum torch's {@code cycle_momentum}, true by default
     * @return this builder
     */
    public B cycleMomentum(boolean cycleMomentum) {
        this.cycleMomentum = cycleMomentum;
        return self();
    }

    /**
     * The lowest momentum.
     *
     * @param baseMomentum torch's {@code base_momentum}, 0.85 by default
     * @return this builder
     */
    public B baseMomentum(double baseMomentum) {
        this.baseMomentum = baseMomentum;
        return self();
    }

    /**
     * The highest momentum, at which the cycle begins.
     *
     * @param maxMomentum torch's {@code max_momentum}, 0.95 by default
     * @return this builder
     */
    public B maxMomentum(double maxMomentum) {
        this.maxMomentum = maxMomentum;
        return self();
    }

    /**
     * The highest rate divided by the first one.
     *
     * @param divFactor torch's {@code div_factor}, 25 by default
     * @return this builder
     */
    public B divFactor(double divFactor) {
        this.divFactor = divFactor;
        return self();
    }

    /**
     * The first rate divided by the last one.
     *
     * @param finalDivFactor torch's {@code final_div_factor}, 1e4 by default
     * @return this builder
     */
    public B finalDivFactor(double finalDivFactor) {
        this.finalDivFactor = finalDivFactor;
        return self();
    }

    /**
     * Whether the rate returns to the first one before it falls to the last.
     *
     * @param threePhase torch's {@code three_phase}, false by default
     * @return this builder
     */
    public B threePhase(boolean threePhase) {
        this.threePhase = threePhase;
        return self();
    }

    /** Refuses what torch refuses, and a phase without steps, for which torch divides by 0. */
    final void validate() {
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
        UpdaterBuilder.require(
                new OneCyclePhases(pctStart, totalSteps, threePhase, linear).haveSteps(),
                "pctStart " + pctStart + " of " + totalSteps + " steps leaves no step for a phase; torch divides by 0");
    }
}
