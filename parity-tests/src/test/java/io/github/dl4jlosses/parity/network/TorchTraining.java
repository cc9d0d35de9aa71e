/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.parity.TorchTensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;

/** A training run of {@link TwoLayers} with torch's losses and gradients, and an updater written out. */
final class TorchTraining {
    private final TwoLayers layers;
    private final Rule rule;
    private final Map<String, TorchTensor> parameters;
    private double score;

    /** What a parameter loses in a step. */
    interface Rule {
        double[] step(String parameter, double... gradient);
    }

    /** Begins where a network stands. */
    TorchTraining(TwoLayers layers, Model model, Rule rule) {
        this.layers = layers;
        this.rule = rule;
        this.parameters = TwoLayers.parameters(model);
    }

    void fit(TwoLayers.Batch batch) {
        TwoLayers.TorchStepResult torch = layers.torch(parameters, batch);
        score = torch.value();
        parameters.replaceAll((name, values) -> {
            double[] numbers = values.toDoubles();
            double[] step = rule.step(name, torch.gradients().get(name));
            Arrays.setAll(numbers, i -> numbers[i] - step[i]);
            return TorchTensor.of(values.type(), numbers, values.shape());
        });
    }

    /** The loss before the last step. */
    double score() {
        return score;
    }

    /** The loss of other data, as the parameters stand. */
    double score(TwoLayers.Batch batch) {
        return layers.torch(parameters, batch).value();
    }

    Map<String, TorchTensor> parameters() {
        return Map.copyOf(parameters);
    }

    /** Some dozen steps, each of which multiplies what the sums of the step before have lost. */
    static void assertSame(Model model, Map<String, TorchTensor> torch) {
        torch.forEach((name, values) -> assertThat(
                        TorchTensor.of(model.getParam(name)).toDoubles())
                .as(name)
                .containsExactly(values.toDoubles(), within(100 * StepComparison.FLOAT64_TOLERANCE)));
    }

    static Rule descent(double rate) {
        return (name, gradient) ->
                Arrays.stream(gradient).map(slope -> rate * slope).toArray();
    }

    /** DL4J's Adam, whose epsilon stands beside the square root of the uncorrected second moment. */
    static Rule adam(double rate) {
        double beta1 = .9;
        double beta2 = .999;
        Map<String, double[]> first = new HashMap<>();
        Map<String, double[]> second = new HashMap<>();
        Map<String, Integer> count = new HashMap<>();
        return (name, gradient) -> {
            double[] m = first.computeIfAbsent(name, any -> new double[gradient.length]);
            double[] v = second.computeIfAbsent(name, any -> new double[gradient.length]);
            int t = count.merge(name, 1, Integer::sum);
            double corrected = rate * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t));
            double[] step = new double[gradient.length];
            for (int i = 0; i < step.length; i++) {
                m[i] = beta1 * m[i] + (1 - beta1) * gradient[i];
                v[i] = beta2 * v[i] + (1 - beta2) * gradient[i] * gradient[i];
                step[i] = corrected * m[i] / (Math.sqrt(v[i]) + 1e-8);
            }
            return step;
        };
    }
}
