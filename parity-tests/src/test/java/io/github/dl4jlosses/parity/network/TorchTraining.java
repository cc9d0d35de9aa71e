/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.parity.TorchTensor;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;

/** A training run of {@link TwoLayers} with torch's losses and gradients, and DL4J's Adam written out. */
final class TorchTraining {
    private static final double BETA1 = .9;
    private static final double BETA2 = .999;

    private final TwoLayers layers;
    private final double rate;
    private final Map<String, TorchTensor> parameters;
    private final Map<String, double[]> first = new HashMap<>();
    private final Map<String, double[]> second = new HashMap<>();
    private int steps;
    private double score;

    /** Begins where a network stands. */
    TorchTraining(TwoLayers layers, Model model, double rate) {
        this.layers = layers;
        this.rate = rate;
        this.parameters = TwoLayers.parameters(model);
    }

    void fit(TwoLayers.Batch batch) {
        TwoLayers.TorchStepResult torch = layers.torch(parameters, batch);
        score = torch.value();
        steps++;
        parameters.replaceAll((name, values) -> {
            double[] numbers = values.toDoubles();
            subtractStep(numbers, name, torch.gradients().get(name));
            return TorchTensor.of(values.type(), numbers, values.shape());
        });
    }

    /** Adam's epsilon stands beside the square root of the uncorrected second moment. */
    private void subtractStep(double[] numbers, String name, double... gradient) {
        double[] m = first.computeIfAbsent(name, any -> new double[gradient.length]);
        double[] v = second.computeIfAbsent(name, any -> new double[gradient.length]);
        double corrected = rate * Math.sqrt(1 - Math.pow(BETA2, steps)) / (1 - Math.pow(BETA1, steps));
        for (int i = 0; i < numbers.length; i++) {
            m[i] = BETA1 * m[i] + (1 - BETA1) * gradient[i];
            v[i] = BETA2 * v[i] + (1 - BETA2) * gradient[i] * gradient[i];
            numbers[i] -= corrected * m[i] / (Math.sqrt(v[i]) + 1e-8);
        }
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
}
