/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is asked of numbers: of each, of nine in ten, of the geometric mean; NaN: nothing.
 *
 * @param areMost whether the numbers may be this large, and not this small
 */
record Bounds(boolean areMost, double every, double nineInTen, double mean, String unit) {
    static final Bounds NONE = atLeast(Double.NaN);

    static Bounds atLeast(double every) {
        return atLeast(every, Double.NaN, Double.NaN);
    }

    static Bounds atLeast(double every, double nineInTen, double mean) {
        return new Bounds(false, every, nineInTen, mean, "");
    }

    static Bounds atMost(double every, String unit) {
        return new Bounds(true, every, Double.NaN, Double.NaN, unit);
    }

    /** Whether a number is within a bound. */
    boolean holds(double number, double bound) {
        return Double.isNaN(bound) || (areMost ? number <= bound : number >= bound);
    }

    /** From the worst to the best. */
    double[] sorted(double... numbers) {
        double sign = areMost ? -1 : 1;
        return Arrays.stream(numbers)
                .map(x -> sign * x)
                .sorted()
                .map(x -> sign * x)
                .toArray();
    }

    /** What is asked, in short. */
    @Override
    public String toString() {
        List<String> asked = new ArrayList<>();
        add(asked, every, "each");
        add(asked, nineInTen, "nine in ten");
        add(asked, mean, "mean");
        return String.join(", ", asked);
    }

    private void add(List<String> asked, double bound, String of) {
        if (!Double.isNaN(bound)) {
            asked.add(of + (areMost ? " <= " : " >= ") + MarkdownTable.shortest(bound) + unit);
        }
    }
}
