/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** Layers that were frozen in a network alone, as TransferLearningHelper does it, and not in its configuration. */
final class RuntimeFreezing {
    private RuntimeFreezing() {}

    /** Freezes in a copy what is frozen in a network, and is not yet in the copy. */
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

    /** As {@link #copy(MultiLayerNetwork, MultiLayerNetwork)}; a graph has no other way to be frozen but this one. */
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
