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

    /** What a network has lost of each parameter since, in units of the rate, is torch's gradient. */
    void assertStep(Model network, double rate, Function<String, TorchTensor> gradients, double tolerance) {
        parameters.forEach((name, before) -> {
            double[] from = before.toDoubles();
            double[] to = TorchTensor.of(network.getParam(name)).toDoubles();
            double[] step = new double[from.length];
            Arrays.setAll(step, i -> (from[i] - to[i]) / rate);
            assertThat(step).as(name).containsExactly(gradients.apply(name).toDoubles(), within(tolerance));
        });
    }
}
