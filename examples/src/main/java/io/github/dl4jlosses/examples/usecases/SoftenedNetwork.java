/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.examples.common.PercentCorrect;
import io.github.dl4jlosses.examples.data.HandwrittenDigits;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Nesterovs;

/** A network for digits whose loss sees the logits divided by a temperature. */
final class SoftenedNetwork {
    private static final int HIDDEN = 32;
    private static final double LEARNING_RATE = 0.2;
    private static final double MOMENTUM = 0.9;
    private static final INDArray PIXELS = HandwrittenDigits.training().getFeatures();
    private static final DataSet TEST = HandwrittenDigits.test();

    private final double temperature;
    private final ComputationGraph graph;

    /** With random weights, which follow from the seed alone. */
    SoftenedNetwork(TorchLoss loss, double temperature, int seed) {
        this.temperature = temperature;
        // the factor T^2 of the loss: for this updater a longer step is the same
        double rate = LEARNING_RATE * temperature * temperature;
        graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(DataType.DOUBLE)
                .updater(new Nesterovs(rate, MOMENTUM))
                .graphBuilder()
                .addInputs("pixels")
                .addLayer("hidden", dense(HandwrittenDigits.PIXELS, HIDDEN, Activation.RELU), "pixels")
                .addLayer("logits", dense(HIDDEN, HandwrittenDigits.CLASSES, Activation.IDENTITY), "hidden")
                .addVertex("softened", new ScaleVertex(1 / temperature), "logits")
                .addLayer(
                        "digit",
                        new LossLayer.Builder(loss)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "softened")
                .setOutputs("digit")
                .build());
        graph.init();
    }

    private static DenseLayer dense(int inputs, int outputs, Activation activation) {
        DenseLayer.Builder layer = new DenseLayer.Builder().activation(activation);
        return layer.nIn(inputs).nOut(outputs).build();
    }

    /** Each step is on all training rows. */
    void fit(INDArray labels, int steps) {
        DataSet data = new DataSet(PIXELS, labels);
        for (int step = 0; step < steps; step++) {
            graph.fit(data);
        }
    }

    /** Of the training rows, before the temperature. */
    INDArray logits() {
        return graph.feedForward(PIXELS, false).get("logits");
    }

    /** T^2 times the mean of the training rows. */
    double loss(INDArray labels) {
        return temperature * temperature * graph.score(new DataSet(PIXELS, labels));
    }

    /** For the test rows, in per cent. */
    double accuracy() {
        return PercentCorrect.ofClasses(graph.outputSingle(TEST.getFeatures()), TEST.getLabels());
    }
}
