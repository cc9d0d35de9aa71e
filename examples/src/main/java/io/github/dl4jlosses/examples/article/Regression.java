/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.article;

import io.github.dl4jlosses.TorchLoss;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;

/** A network of one layer, which is a logistic regression: a linear function of the features below an activation. */
final class Regression {
    private Regression() {}

    /** All weights begin at 0. */
    static MultiLayerNetwork of(TorchLoss loss, IActivation activation, int inputs, int outputs, double learningRate) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .weightInit(WeightInit.ZERO)
                .updater(new Sgd(learningRate))
                .list(new OutputLayer.Builder(loss)
                        .activation(activation)
                        .nIn(inputs)
                        .nOut(outputs)
                        .build())
                .build());
        network.init();
        return network;
    }
}
