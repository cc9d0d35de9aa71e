/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.parity.TorchTensor;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** DL4J's side of a scenario. */
final class NetworkStep {
    private static final String WEIGHTS = "0_W";
    private static final String BIAS = "0_b";

    private final Scenario scenario;
    private final Numbers numbers;

    NetworkStep(Scenario scenario, Numbers numbers) {
        this.scenario = scenario;
        this.numbers = numbers;
    }

    /** A network that holds the scenario's parameters. */
    Model network() {
        return withParameters(NetworkKind.network(scenario.network().configuration(scenario)));
    }

    /** Gives the scenario's parameters to a network of its layers. */
    <M extends Model> M withParameters(M network) {
        network.setParam(WEIGHTS, numbers.weights().toArray());
        network.setParam(BIAS, numbers.bias().toArray().reshape(1, LayerKind.CLASSES));
        return network;
    }

    DataSet dataSet() {
        return numbers.dataSet();
    }

    /** Fits the batch once. */
    Step fit() {
        return fit(network());
    }

    Step fit(Model network) {
        return fit(network, numbers.dataSet());
    }

    Step fit(Model network, DataSet batch) {
        INDArray weights = network.getParam(WEIGHTS).dup();
        INDArray bias = network.getParam(BIAS).dup();
        ((NeuralNetwork) network).fit(batch);
        return Step.of(network.score(), step(weights, network.getParam(WEIGHTS)), step(bias, network.getParam(BIAS)));
    }

    private static double[] step(INDArray before, INDArray after) {
        double[] from = TorchTensor.of(before).toDoubles();
        double[] to = TorchTensor.of(after).toDoubles();
        for (int i = 0; i < from.length; i++) {
            from[i] = (from[i] - to[i]) / NetworkLayers.LEARNING_RATE;
        }
        return from;
    }
}
