/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.parity.TorchResult;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.deeplearning4j.nn.api.Model;

/** A training step in units of the learning rate: the score before it, and what parameters lose by it. */
record Step(double score, List<Double> weights, List<Double> bias) {

    static final String WEIGHTS = "0_W";
    static final String BIAS = "0_b";
    static final List<String> PARAMETERS = List.of(WEIGHTS, BIAS);

    /** The step that a network has taken since. */
    static Step since(StartingPoint before, Model network, double rate) {
        return of(network.score(), before.step(network, WEIGHTS, rate), before.step(network, BIAS, rate));
    }

    /** Torch's loss, and its gradients by {@code weights} and {@code bias}. */
    static Step of(TorchResult torch) {
        return of(
                torch.value().item(),
                torch.gradient("weights").toDoubles(),
                torch.gradient("bias").toDoubles());
    }

    private static Step of(double score, double[] weights, double[] bias) {
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
