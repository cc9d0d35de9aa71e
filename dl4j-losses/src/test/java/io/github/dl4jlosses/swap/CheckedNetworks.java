/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Small networks around a loss, right and wrong, for the tests of the check. */
abstract class CheckedNetworks {
    static final IActivation LOG_SOFTMAX = new ActivationLogSoftmax();
    static final IActivation IDENTITY = Activation.IDENTITY.getActivationFunction();
    static final IActivation SIGMOID = Activation.SIGMOID.getActivationFunction();
    static final IActivation SOFTMAX = Activation.SOFTMAX.getActivationFunction();
    static final IActivation TANH = Activation.TANH.getActivationFunction();
    static final IActivation SOFTPLUS = Activation.SOFTPLUS.getActivationFunction();
    static final IActivation RELU = Activation.RELU.getActivationFunction();
    static final int STEPS = 5;

    /** Not checked by DL4J itself. */
    static NeuralNetConfiguration.ListBuilder network(Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().list(layers);
        list.validateOutputLayerConfig(false);
        return list;
    }

    static MultiLayerConfiguration layers(Layer... layers) {
        return network(layers).build();
    }

    static List<String> check(Layer... layers) {
        return LossSwap.check(layers(layers));
    }

    static void assertOneFinding(List<String> findings, String... words) {
        assertThat(findings).singleElement().asString().contains(words);
    }

    static Layer dense(IActivation activation) {
        return dense(activation, 3);
    }

    static Layer dense(IActivation activation, int outputs) {
        return new DenseLayer.Builder()
                .activation(activation)
                .nIn(4)
                .nOut(outputs)
                .build();
    }

    /** With the default activation. */
    static Layer output(ILossFunction loss) {
        return new OutputLayer.Builder(loss).nIn(4).nOut(3).build();
    }

    static Layer output(ILossFunction loss, IActivation activation) {
        return output(loss, activation, 3);
    }

    static Layer output(ILossFunction loss, IActivation activation, int outputs) {
        return new OutputLayer.Builder(loss)
                .activation(activation)
                .nIn(4)
                .nOut(outputs)
                .build();
    }

    static Layer centerLoss(ILossFunction loss) {
        return new CenterLossOutputLayer.Builder(loss)
                .activation(SOFTMAX)
                .nIn(4)
                .nOut(3)
                .build();
    }

    /** With the default activation. */
    static Layer sequences(ILossFunction loss) {
        return new RnnOutputLayer.Builder(loss)
                .dataFormat(RNNFormat.NCW)
                .nIn(4)
                .nOut(3)
                .build();
    }

    static Layer loss(ILossFunction loss, IActivation activation) {
        return new LossLayer.Builder(loss).activation(activation).build();
    }

    /** Below a loss for sequences, whose logits it gives. */
    static Layer sequencesBelow() {
        return new Convolution1DLayer.Builder(1)
                .activation(IDENTITY)
                .nIn(4)
                .nOut(3)
                .build();
    }

    /** Images that come as rows; a kernel of 2 leaves {@link #STEPS} times STEPS pixels. */
    static MultiLayerConfiguration images(long positions, IActivation below) {
        CrossEntropyLoss loss =
                CrossEntropyLoss.builder().positionsPerExample(positions).build();
        return network(
                        new ConvolutionLayer.Builder(2, 2)
                                .activation(below)
                                .nOut(3)
                                .build(),
                        new CnnLossLayer.Builder(loss).activation(SOFTMAX).build())
                .setInputType(InputType.convolutionalFlat(STEPS + 1, STEPS + 1, 1))
                .build();
    }

    /** Outputs "kind", and "tags" above a layer "raw". */
    static ComputationGraphConfiguration graph(IActivation kind, IActivation tags) {
        ComputationGraphConfiguration.GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("kind", output(new CrossEntropyLoss(), kind), "in")
                .addLayer("raw", dense(IDENTITY), "in")
                .addLayer("tags", loss(new BCEWithLogitsLoss(), tags), "raw")
                .setOutputs("kind", "tags");
        return graph.validateOutputLayerConfig(false).build();
    }
}
