/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a network computes from an input, in evaluation.
 *
 * @param byName of vertices, or of layers by number
 * @param outputs the network's outputs
 */
record NetworkValues(Map<String, INDArray> byName, List<INDArray> outputs) {

    static NetworkValues of(Model network, INDArray... examples) {
        boolean training = false;
        if (network instanceof ComputationGraph graph) {
            Map<String, INDArray> values = graph.feedForward(examples, training);
            List<INDArray> outputs = graph.getConfiguration().getNetworkOutputs().stream()
                    .map(values::get)
                    .toList();
            graph.clear();
            return new NetworkValues(values, outputs);
        }
        if (network instanceof MultiLayerNetwork layers && examples.length == 1) {
            List<INDArray> activations = layers.feedForward(examples[0], training);
            Map<String, INDArray> values = new HashMap<>();
            for (int i = 1; i < activations.size(); i++) {
                values.put(String.valueOf(i - 1), activations.get(i));
            }
            layers.clear();
            return new NetworkValues(
                    values, new ArrayList<>(activations.subList(activations.size() - 1, activations.size())));
        }
        throw new IllegalArgumentException("The network is neither a ComputationGraph nor a MultiLayerNetwork");
    }

    /**
     * What a vertex gives.
     *
     * @throws IllegalArgumentException if the network has none of the name
     */
    INDArray of(String name) {
        INDArray value = byName.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "The network has no vertex '" + name + "': it was not made from this archive");
        }
        return value;
    }
}
