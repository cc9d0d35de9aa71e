/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import java.io.Serializable;
import java.util.Random;
import java.util.Set;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.GraphConfig;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.MLNConfig;
import org.deeplearning4j.gradientcheck.GradientCheckUtil.PrintMode;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

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
                scenario.layer(), scenario.loss(), scenario.head().inDl4j());
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

    /**
     * DL4J's own check of gradients by differences of scores.
     *
     * @param excluded parameters that it leaves out
     */
    static boolean checkGradients(Model network, DataSet batch, Set<String> excluded) {
        if (network instanceof MultiLayerNetwork layers) {
            return GradientCheckUtil.checkGradients(new MLNConfig()
                    .net(layers)
                    .input(batch.getFeatures())
                    .labels(batch.getLabels())
                    .labelMask(batch.getLabelsMaskArray())
                    .excludeParams(excluded)
                    .print(PrintMode.FAILURES_ONLY));
        }
        return GradientCheckUtil.checkGradients(new GraphConfig()
                .net((ComputationGraph) network)
                .inputs(new INDArray[] {batch.getFeatures()})
                .labels(new INDArray[] {batch.getLabels()})
                .labelMask(batch.getLabelsMaskArray() == null ? null : new INDArray[] {batch.getLabelsMaskArray()})
                .excludeParams(excluded)
                .print(PrintMode.FAILURES_ONLY));
    }
}
