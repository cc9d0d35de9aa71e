/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.parity.TorchTensor;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;

/** The parameters of a network before a step, by DL4J's names. */
record StartingPoint(Map<String, TorchTensor> parameters) {

    static StartingPoint of(Model network, Collection<String> names) {
        Map<String, TorchTensor> copies = new LinkedHashMap<>();
        names.forEach(
                name -> copies.put(name, TorchTensor.of(network.getParam(name).dup())));
        return new StartingPoint(copies);
    }

    /** Arguments of torch: these others, then the parameters. */
    TorchTensor[] after(TorchTensor... others) {
        return Stream.concat(Stream.of(others), parameters.values().stream()).toArray(TorchTensor[]::new);
    }

    /** What a network has lost of a parameter since, in units of the rate. */
    double[] step(Model network, String name, double rate) {
        double[] step = parameters.get(name).toDoubles();
        double[] after = TorchTensor.of(network.getParam(name)).toDoubles();
        Arrays.setAll(step, i -> (step[i] - after[i]) / rate);
        return step;
    }

    /** The score that a network has reported is torch's, and so is its step. */
    void assertScoreAndStep(Model network, double rate, double score, Function<String, TorchTensor> gradients) {
        assertThat(network.score()).isCloseTo(score, within(StepComparison.FLOAT64_TOLERANCE));
        assertStep(network, rate, gradients, StepComparison.FLOAT64_TOLERANCE);
    }

    /** What a network has lost of each parameter since, in units of the rate, is torch's gradient. */
    void assertStep(Model network, double rate, Function<String, TorchTensor> gradients, double tolerance) {
        parameters
                .keySet()
                .forEach(name -> assertThat(step(network, name, rate))
                        .as(name)
                        .containsExactly(gradients.apply(name).toDoubles(), within(tolerance)));
    }
}
