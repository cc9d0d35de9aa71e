/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** Finds the layers of a network, and their names, in both of DL4J's network classes. */
final class LayersOfModel {
    private LayersOfModel() {}

    /** The layers of a network; none for a single layer during pretraining. */
    static Layer[] of(Model model) {
        if (model instanceof MultiLayerNetwork) {
            return ((MultiLayerNetwork) model).getLayers();
        }
        return model instanceof ComputationGraph ? ((ComputationGraph) model).getLayers() : new Layer[0];
    }

    /** The prefix of the names of a layer's parameters. */
    static String key(Model model, Layer layer) {
        return model instanceof MultiLayerNetwork ? String.valueOf(layer.getIndex()) : nameOf(layer);
    }

    static String nameOf(Layer layer) {
        return layer.conf().getLayer().getLayerName();
    }
}
