/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Finds the losses in the last layers of a graph. */
final class LossesOf {

    private LossesOf() {}

    /** In the order of the outputs. */
    static List<ILossFunction> graph(ComputationGraph graph) {
        List<ILossFunction> losses = new ArrayList<>();
        for (String output : graph.getConfiguration().getNetworkOutputs()) {
            ILossFunction loss = loss(graph.getLayer(output).conf().getLayer());
            if (loss == null) {
                throw new IllegalArgumentException(
                        "The output '" + output + "' has no loss: TorchModel did not make it");
            }
            losses.add(loss);
        }
        return losses;
    }

    private static ILossFunction loss(Layer layer) {
        if (layer instanceof BaseOutputLayer output) {
            return output.getLossFn();
        }
        if (layer instanceof LossLayer flat) {
            return flat.getLossFn();
        }
        if (layer instanceof RnnLossLayer sequence) {
            return sequence.getLossFn();
        }
        if (layer instanceof CnnLossLayer picture) {
            return picture.getLossFn();
        }
        return layer instanceof Cnn3DLossLayer volume ? volume.getLossFn() : null;
    }
}
