/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import java.util.Arrays;
import java.util.stream.IntStream;

/** In how many cases the comparison notices a fault, and why not in the others. */
public final class FaultTrial {
    /** Below what the comparison, in float32, takes for rounding. */
    private static final double NOTHING = 1e-6;

    /** The fault that is tried. */
    public final Fault fault;
    /** In how many cases the fault was put: those that have what it is about. */
    public int shown;
    /** How many of them the comparison reports. */
    public int caught;
    /** How many of the others have no gradient: every row is ignored, or the loss is near 0. */
    public int withoutGradient;
    /** How many of the others have the same numbers with the fault: weights of 1, or that cancel in the mean. */
    public int unchanged;

    /** Begins without cases. */
    public FaultTrial(Fault fault) {
        this.fault = fault;
    }

    /** Puts the fault into a case, if the case has what the fault is about. */
    public void add(GridCase example) {
        if (!fault.canShow(example)) {
            return;
        }
        shown++;
        Subject wrong = wrong(example);
        if (wrong == null || !LossCheck.differences(example, wrong).isEmpty()) {
            caught++;
            return;
        }
        Subject right = Subject.of(example);
        if (Arrays.stream(right.gradient()).allMatch(g -> Math.abs(g) <= NOTHING)) {
            withoutGradient++;
        } else if (isUnchanged(right, wrong)) {
            unchanged++;
        }
    }

    /** Null where the loss itself notices. */
    private Subject wrong(GridCase example) {
        try {
            return fault.of(example);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isUnchanged(Subject right, Subject wrong) {
        double[] gradient = right.gradient();
        double[] other = wrong.gradient();
        return isUnchanged(right.value(), wrong.value())
                && IntStream.range(0, gradient.length).allMatch(i -> isUnchanged(gradient[i], other[i]));
    }

    private static boolean isUnchanged(double right, double wrong) {
        return Double.compare(right, wrong) == 0 || Math.abs(right - wrong) <= NOTHING * Math.max(1, Math.abs(right));
    }

    /** The numbers in words. */
    @Override
    public String toString() {
        return "fault " + fault + ": caught in " + caught + " of " + shown + " cases; of the others " + withoutGradient
                + " have no gradient (every row ignored, or a loss near 0), in " + unchanged
                + " it changes no number (weights of 1, or that cancel in the mean)";
    }
}
