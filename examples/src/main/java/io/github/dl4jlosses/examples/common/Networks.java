/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.common;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Networks in float64, which gives the same numbers on every machine, their layers and logits. */
public final class Networks {
    private Networks() {}

    /** These layers; random weights follow from the seed alone. */
    public static MultiLayerNetwork of(int seed, IUpdater updater, Layer... layers) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(DataType.DOUBLE)
                .updater(updater)
                .list(layers)
                .build());
        network.init();
        return network;
    }

    /** Below others, with random weights. */
    public static Layer hidden(int inputs, int outputs) {
        return new DenseLayer.Builder()
                .activation(Activation.RELU)
                .nIn(inputs)
                .nOut(outputs)
                .build();
    }

    /** The last one, with random weights. */
    public static Layer output(ILossFunction loss, IActivation activation, int inputs, int outputs) {
        return output(WeightInit.XAVIER, loss, activation, inputs, outputs);
    }

    /** A logistic regression, a linear function of the features below an activation; all weights begin at 0. */
    public static Layer regression(ILossFunction loss, IActivation activation, int inputs, int outputs) {
        return output(WeightInit.ZERO, loss, activation, inputs, outputs);
    }

    /** The same as a network, which descends at this rate. */
    public static MultiLayerNetwork regression(
            ILossFunction loss, IActivation activation, int inputs, int outputs, double learningRate) {
        return of(1, new Sgd(learningRate), regression(loss, activation, inputs, outputs));
    }

    private static Layer output(
            WeightInit weights, ILossFunction loss, IActivation activation, int inputs, int outputs) {
        return new OutputLayer.Builder(loss)
                .activation(activation)
                .nIn(inputs)
                .nOut(outputs)
                .weightInit(weights)
                .build();
    }

    /** Each step is on all rows. */
    public static void fit(MultiLayerNetwork network, DataSet data, int steps) {
        for (int step = 0; step < steps; step++) {
            network.fit(data);
        }
    }

    /** What the last layer of a network, which has weights, has before its activation, a row for each example. */
    public static INDArray logits(MultiLayerNetwork network, INDArray features) {
        int last = network.getnLayers() - 1;
        INDArray input = last == 0
                ? features
                : network.feedForwardToLayer(last - 1, features).get(last);
        return input.mmul(network.getParam(last + "_W")).addRowVector(network.getParam(last + "_b"));
    }

    /** The same of probabilities: the inverse of the sigmoid, log(p / (1 - p)). */
    public static INDArray logits(INDArray probabilities) {
        return Transforms.log(probabilities.div(probabilities.rsub(1)));
    }
}
