/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** The layers of a network as DL4J's two classes keep and name them. */
final class LayersOfModel {
    private LayersOfModel() {}

    /** Those of a network; none of a single layer in its pretraining. */
    static Layer[] of(Model model) {
        if (model instanceof MultiLayerNetwork) {
            return ((MultiLayerNetwork) model).getLayers();
        }
        return model instanceof ComputationGraph ? ((ComputationGraph) model).getLayers() : new Layer[0];
    }

    /** What the names of a layer's parameters begin with. */
    static String key(Model model, Layer layer) {
        return model instanceof MultiLayerNetwork ? String.valueOf(layer.getIndex()) : nameOf(layer);
    }

    static String nameOf(Layer layer) {
        return layer.conf().getLayer().getLayerName();
    }
}
