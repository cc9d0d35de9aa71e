/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.dataset.DataSet;

/** DL4J's side of a scenario. */
record NetworkStep(Scenario scenario, Numbers numbers) {

    /** A network that holds the scenario's parameters. */
    Model network() {
        return withParameters(NetworkKind.network(scenario.network().configuration(scenario)));
    }

    /** Gives the scenario's parameters to a network of its layers. */
    <M extends Model> M withParameters(M network) {
        network.setParam(Step.WEIGHTS, numbers.weights.toArray());
        network.setParam(Step.BIAS, numbers.bias.toArray().reshape(1, scenario.outputs()));
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
        StartingPoint before = StartingPoint.of(network, Step.PARAMETERS);
        TwoLayers.fit(network, batch);
        return Step.since(before, network, NetworkLayers.LEARNING_RATE);
    }
}
