/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What an output layer has before its activation. */
public final class Logits {
    private Logits() {}

    /** What the last layer of a network, which has weights, has before its activation, a row for each example. */
    public static INDArray of(MultiLayerNetwork network, INDArray features) {
        int last = network.getnLayers() - 1;
        INDArray input = last == 0
                ? features
                : network.feedForwardToLayer(last - 1, features).get(last);
        return input.mmul(network.getParam(last + "_W")).addRowVector(network.getParam(last + "_b"));
    }

    /** Of probabilities: the inverse of the sigmoid, log(p / (1 - p)). */
    public static INDArray of(INDArray probabilities) {
        return Transforms.log(probabilities.div(probabilities.rsub(1)));
    }
}
