/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Copies the freezing of layers that are frozen in a network but not in its configuration, as by
 * TransferLearningHelper.
 */
final class RuntimeFreezing {
    private RuntimeFreezing() {}

    /** Freezes the layers of a copy that are frozen in the network and not yet in the copy. */
    static void copy(MultiLayerNetwork from, MultiLayerNetwork to) {
        Layer[] frozen = from.getLayers();
        Layer[] layers = to.getLayers();
        for (int i = 0; i < layers.length; i++) {
            if (frozen[i] instanceof FrozenLayer && !(layers[i] instanceof FrozenLayer)) {
                layers[i] = new FrozenLayer(layers[i]);
            } else if (frozen[i] instanceof FrozenLayerWithBackprop
                    && !(layers[i] instanceof FrozenLayerWithBackprop)) {
                layers[i] = new FrozenLayerWithBackprop(layers[i]);
            }
        }
        to.setLayers(layers);
    }

    /** As {@link #copy(MultiLayerNetwork, MultiLayerNetwork)}; a graph can only be frozen this way. */
    static void copy(ComputationGraph from, ComputationGraph to) {
        for (GraphVertex vertex : to.getVertices()) {
            GraphVertex original = from.getVertex(vertex.getVertexName());
            if (original.hasLayer() && original.getLayer() instanceof FrozenLayer) {
                Layer layer = vertex.getLayer();
                vertex.setLayerAsFrozen();
                replace(to.getLayers(), layer, vertex.getLayer());
            }
        }
    }

    private static void replace(Layer[] layers, Layer old, Layer other) {
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layers[i] == old ? other : layers[i];
        }
    }
}
