/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

/** The phases of one cycle: the steps where they begin and end, and the curve between. */
final class OneCyclePhases {
    /** The steps at which the phases begin and end. */
    private final double[] ends;

    private final boolean linear;

    OneCyclePhases(double pctStart, int totalSteps, boolean threePhase, boolean linear) {
        double top = pctStart * totalSteps - 1;
        this.ends = threePhase
                ? new double[] {0, top, 2 * pctStart * totalSteps - 2, totalSteps - 1}
                : new double[] {0, top, totalSteps - 1};
        this.linear = linear;
    }

    /** Whether each phase ends later than it begins. */
    boolean haveSteps() {
        for (int i = 1; i < ends.length; i++) {
            if (ends[i] == ends[i - 1]) {
                return false;
            }
        }
        return true;
    }

    /** The value at a step, given the values at the ends of the phases. */
    double between(double[] corners, int step) {
        int phase = 0;
        while (phase < ends.length - 2 && step > ends[phase + 1]) {
            phase++;
        }
        double share = (step - ends[phase]) / (ends[phase + 1] - ends[phase]);
        double from = corners[phase];
        double to = corners[phase + 1];
        return linear ? from + (to - from) * share : to + (from - to) / 2 * (1 + Math.cos(Math.PI * share));
    }
}
