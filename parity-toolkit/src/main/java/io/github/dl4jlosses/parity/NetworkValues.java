/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The values that a network computes from an input in evaluation, for each vertex.
 *
 * <p>DL4J's own {@code feedForward} cannot be used: outside training an {@code ActivationLayer} overwrites its input,
 * so the values of the vertex below are lost. Here each vertex gets a copy.
 *
 * @param byName the values by the name of the vertex or the number of the layer
 * @param outputs the network's own outputs
 */
record NetworkValues(Map<String, INDArray> byName, List<INDArray> outputs) {

    private static final boolean TRAINING = false;

    static NetworkValues of(Model network, INDArray... examples) {
        if (network instanceof ComputationGraph graph) {
            return new NetworkValues(values(graph, examples), List.of(graph.output(TRAINING, copies(examples))));
        }
        if (network instanceof MultiLayerNetwork layers && examples.length == 1) {
            return new NetworkValues(values(layers, examples[0]), List.of(layers.output(examples[0].dup(), TRAINING)));
        }
        throw new IllegalArgumentException(
                "The network is neither a ComputationGraph nor a MultiLayerNetwork of one input");
    }

    private static INDArray[] copies(INDArray... arrays) {
        return Arrays.stream(arrays).map(INDArray::dup).toArray(INDArray[]::new);
    }

    private static Map<String, INDArray> values(ComputationGraph graph, INDArray... examples) {
        LayerWorkspaceMgr memory = LayerWorkspaceMgr.noWorkspaces();
        Map<String, INDArray> values = new HashMap<>();
        List<String> inputs = graph.getConfiguration().getNetworkInputs();
        for (int i = 0; i < inputs.size(); i++) {
            values.put(inputs.get(i), examples[i]);
        }
        graph.setInputs(copies(examples)); // vertices take the size of the batch from it
        for (int index : graph.topologicalSortOrder()) {
            GraphVertex vertex = graph.getVertices()[index];
            if (!vertex.isInputVertex()) {
                VertexIndices[] from = vertex.getInputVertices();
                for (int i = 0; i < from.length; i++) {
                    String name = graph.getVertices()[from[i].getVertexIndex()].getVertexName();
                    vertex.setInput(i, values.get(name).dup(), memory);
                }
                values.put(
                        vertex.getVertexName(),
                        vertex.doForward(TRAINING, memory).dup());
            }
        }
        graph.clear();
        return values;
    }

    private static Map<String, INDArray> values(MultiLayerNetwork network, INDArray example) {
        LayerWorkspaceMgr memory = LayerWorkspaceMgr.noWorkspaces();
        Map<String, INDArray> values = new HashMap<>();
        network.setInput(example.dup());
        INDArray value = example;
        for (int i = 0; i < network.getnLayers(); i++) {
            InputPreProcessor before = network.getLayerWiseConfigurations().getInputPreProcess(i);
            INDArray input = value.dup();
            if (before != null) {
                input = before.preProcess(input, Math.toIntExact(example.size(0)), memory)
                        .dup();
            }
            value = network.getLayer(i).activate(input, TRAINING, memory).dup();
            values.put(String.valueOf(i), value);
        }
        network.clear();
        return values;
    }

    /**
     * The values of a vertex.
     *
     * @throws IllegalArgumentException if the network has no vertex of this name
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
