/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.article;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.examples.common.Networks;
import io.github.dl4jlosses.examples.common.PercentCorrect;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** A network for classes is a logistic regression on features that it learns itself. */
public final class NetworkAsFeatures {
    private static final int SEEDS = 3;
    private static final int HIDDEN = 64;
    private static final int EPOCHS = 25;
    private static final int BATCH = 96;
    private static final double LEARNING_RATE = .01;

    private NetworkAsFeatures() {}

    /** Trains a logistic regression on the pixels, then networks and logistic regressions on what they have learned. */
    public static void main(String[] args) {
        DataSet training = HandwrittenDigits.training();
        DataSet test = HandwrittenDigits.test();
        System.out.println("                                          training loss  test loss test accuracy");
        MultiLayerNetwork onPixels = trained(1, training, regression(HandwrittenDigits.PIXELS));
        print("logistic regression on 64 pixels", onPixels, training, test);

        for (int seed = 1; seed <= SEEDS; seed++) {
            Layer hidden = Networks.hidden(HandwrittenDigits.PIXELS, HIDDEN);
            MultiLayerNetwork network = trained(seed, training, hidden, regression(HIDDEN));
            DataSet trainingFeatures = features(network, training);
            DataSet testFeatures = features(network, test);
            MultiLayerNetwork onFeatures = trained(1, trainingFeatures, regression(HIDDEN));
            MultiLayerNetwork lastLayer = Networks.of(1, new Adam(LEARNING_RATE), regression(HIDDEN));
            lastLayer.setParam("0_W", network.getParam("1_W"));
            lastLayer.setParam("0_b", network.getParam("1_b"));

            System.out.printf("%nnetwork with %d hidden units, seed %d%n", HIDDEN, seed);
            print("the network on the pixels", network, training, test);
            print("its last layer on its hidden layer", lastLayer, trainingFeatures, testFeatures);
            print("logistic regression on its hidden layer", onFeatures, trainingFeatures, testFeatures);
        }
    }

    private static MultiLayerNetwork trained(int seed, DataSet data, Layer... layers) {
        MultiLayerNetwork network = Networks.of(seed, new Adam(LEARNING_RATE), layers);
        List<DataSet> batches = data.batchBy(BATCH);
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            batches.forEach(network::fit);
        }
        return network;
    }

    private static Layer regression(int features) {
        var loss = CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build();
        return Networks.regression(loss, new ActivationSoftmax(), features, HandwrittenDigits.CLASSES);
    }

    /** What the hidden layer makes of the pixels, as the features of other data. */
    private static DataSet features(MultiLayerNetwork network, DataSet data) {
        INDArray hidden = network.feedForwardToLayer(0, data.getFeatures()).get(1);
        return new DataSet(hidden.dup(), data.getLabels());
    }

    private static void print(String name, MultiLayerNetwork network, DataSet training, DataSet test) {
        System.out.printf(
                "  %-39s %13.4f  %9.4f %11.1f %%%n",
                name,
                network.score(training),
                network.score(test),
                PercentCorrect.ofClasses(network.output(test.getFeatures()), test.getLabels()));
    }
}
