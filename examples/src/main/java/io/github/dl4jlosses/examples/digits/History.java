/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.digits;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The steps so far, and whether the two frameworks are still together. */
final class History {
    private final List<Comparison> steps = new ArrayList<>();
    private final double bound;

    /** Expects the largest difference that still counts as none. */
    History(double bound) {
        this.bound = bound;
    }

    void add(Comparison step) {
        steps.add(step);
    }

    int size() {
        return steps.size();
    }

    double bound() {
        return bound;
    }

    Comparison last() {
        return steps.get(steps.size() - 1);
    }

    double[] each(ToDoubleFunction<Comparison> number) {
        return steps.stream().mapToDouble(number).toArray();
    }

    /** NaN if any step has one. */
    double largest(ToDoubleFunction<Comparison> number) {
        return steps.stream().mapToDouble(number).reduce(0, Math::max);
    }

    /** The first step, counted from 1, with a loss, gradient or parameter out of bounds or NaN; 0: none. */
    int firstDifferent() {
        for (int i = 0; i < steps.size(); i++) {
            if (!(largestDifference(steps.get(i)) <= bound)) {
                return i + 1;
            }
        }
        return 0;
    }

    double largestDifference() {
        return largest(History::largestDifference);
    }

    private static double largestDifference(Comparison step) {
        return Math.max(step.lossDifference(), Math.max(step.gradientDifference(), step.weightDifference()));
    }
}
