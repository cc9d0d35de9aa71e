/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import java.io.Serializable;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.GraphConfig;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.MLNConfig;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.PrintMode;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J's two kinds of networks. */
enum NetworkKind {
    MULTI_LAYER_NETWORK,
    COMPUTATION_GRAPH;

    static NetworkKind drawn(Random random) {
        return random.nextBoolean() ? MULTI_LAYER_NETWORK : COMPUTATION_GRAPH;
    }

    /** A {@link MultiLayerConfiguration} or {@link ComputationGraphConfiguration}. */
    Serializable configuration(Scenario scenario) {
        NetworkLayers layers = new NetworkLayers(
                scenario.layer(), scenario.loss(), scenario.head().inDl4j(), scenario.outputs());
        return this == MULTI_LAYER_NETWORK
                ? layers.multiLayer(scenario.type(), scenario.networkMiniBatch())
                : layers.graph(scenario.type(), scenario.networkMiniBatch());
    }

    static String json(Serializable configuration) {
        return configuration instanceof MultiLayerConfiguration layers
                ? layers.toJson()
                : ((ComputationGraphConfiguration) configuration).toJson();
    }

    Serializable configuration(String json) {
        return this == MULTI_LAYER_NETWORK
                ? MultiLayerConfiguration.fromJson(json)
                : ComputationGraphConfiguration.fromJson(json);
    }

    /** An initialised network. */
    static Model network(Serializable configuration) {
        return configuration instanceof MultiLayerConfiguration layers
                ? network(layers)
                : network((ComputationGraphConfiguration) configuration);
    }

    static MultiLayerNetwork network(MultiLayerConfiguration configuration) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }

    static ComputationGraph network(ComputationGraphConfiguration configuration) {
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        return graph;
    }

    /** DL4J's checks of gradients ask for double as the type of all arrays. */
    static boolean inDouble(BooleanSupplier check) {
        DataType usual = Nd4j.dataType();
        DataType floating = Nd4j.defaultFloatingPointType();
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        try {
            return check.getAsBoolean();
        } finally {
            Nd4j.setDefaultDataTypes(usual, floating);
        }
    }

    /**
     * DL4J's own check of gradients by differences of scores.
     *
     * @param excluded parameters that it leaves out
     */
    static boolean checkGradients(Model network, DataSet batch, Set<String> excluded) {
        if (network instanceof MultiLayerNetwork layers) {
            MLNConfig check = new MLNConfig()
                    .net(layers)
                    .input(batch.getFeatures())
                    .labels(batch.getLabels())
                    .labelMask(batch.getLabelsMaskArray())
                    .excludeParams(excluded)
                    .print(PrintMode.FAILURES_ONLY);
            return inDouble(() -> GradientCheckUtil.checkGradients(check));
        }
        GraphConfig check = new GraphConfig()
                .net((ComputationGraph) network)
                .inputs(new INDArray[] {batch.getFeatures()})
                .labels(new INDArray[] {batch.getLabels()})
                .labelMask(batch.getLabelsMaskArray() == null ? null : new INDArray[] {batch.getLabelsMaskArray()})
                .excludeParams(excluded)
                .print(PrintMode.FAILURES_ONLY);
        return inDouble(() -> GradientCheckUtil.checkGradients(check));
    }
}
