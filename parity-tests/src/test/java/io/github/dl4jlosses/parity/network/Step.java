/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A training step in units of the learning rate: the score before it, and what parameters lose by it. */
record Step(double score, List<Double> weights, List<Double> bias) {

    static Step of(double score, double[] weights, double[] bias) {
        return new Step(score, list(weights), list(bias));
    }

    private static List<Double> list(double... numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }

    Step times(double factor) {
        return new Step(score * factor, times(weights, factor), times(bias, factor));
    }

    private static List<Double> times(List<Double> numbers, double factor) {
        return numbers.stream().map(number -> number * factor).toList();
    }

    /** The largest magnitude in it; a score that is not finite does not count. */
    double largest() {
        return Math.max(largestTerm(), largest(bias));
    }

    /** What tolerances are measured in: without the bias, which would make them wider. */
    double largestTerm() {
        double step = largest(weights);
        return Double.isFinite(score) ? Math.max(step, Math.abs(score)) : step;
    }

    private static double largest(List<Double> numbers) {
        return Math.max(Collections.max(numbers), -Collections.min(numbers));
    }
}
