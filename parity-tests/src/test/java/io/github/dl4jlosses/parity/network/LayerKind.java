/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.parity.TorchType;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The smallest network with a given output layer: one linear map, which is the layer's own or, for a layer without
 * parameters, that of an identity layer below. On torch's side the same map gives {@code z} of shape (N, C, ..).
 */
enum LayerKind {
    OUTPUT_LAYER("z = torch.add(torch.matmul(features, weights), bias)"),
    LOSS_LAYER("z = torch.add(torch.matmul(features, weights), bias)"),
    RNN_OUTPUT_LAYER("z = torch.movedim(torch.add(torch.matmul(torch.movedim(features, 1, 2), weights), bias), 2, 1)"),
    /** Framework bug: Convolution1DLayer reads its [C, I, 1, 1] weights as if they lay in memory as [1, I, C]. */
    RNN_LOSS_LAYER("w2 = torch.reshape(weights, [4, 3])\n"
            + "z = torch.movedim(torch.add(torch.matmul(torch.movedim(features, 1, 2), w2), bias), 2, 1)"),
    CNN_LOSS_LAYER("z = torch.conv2d(features, weights, bias)");

    /** Of plain gradient descent. */
    static final double LEARNING_RATE = 1;

    static final int CLASSES = 3;
    private static final int INPUTS = 4;
    private static final int KERNEL = 2;

    private final String linearMap;

    LayerKind(String linearMap) {
        this.linearMap = linearMap;
    }

    /** Time steps; height and width. */
    private long[] positions() {
        return switch (this) {
            case OUTPUT_LAYER, LOSS_LAYER -> new long[0];
            case RNN_OUTPUT_LAYER, RNN_LOSS_LAYER -> new long[] {3};
            case CNN_LOSS_LAYER -> new long[] {2, 3};
        };
    }

    /** The statements that make {@code z} from {@code features}, {@code weights} and {@code bias} in torch. */
    String linearMap() {
        return linearMap;
    }

    /** S: time steps or pixels. */
    long positionsPerExample() {
        return Arrays.stream(positions()).reduce(1, Math::multiplyExact);
    }

    boolean hasPositions() {
        return positions().length > 0;
    }

    boolean hasParameters() {
        return this == OUTPUT_LAYER || this == RNN_OUTPUT_LAYER;
    }

    boolean isImage() {
        return this == CNN_LOSS_LAYER;
    }

    long[] featureShape(long examples) {
        return isImage()
                ? new long[] {examples, INPUTS, positions()[0] + KERNEL - 1, positions()[1] + KERNEL - 1}
                : shape(examples, INPUTS);
    }

    /** (N, channels, ..): outputs, or class indices as DL4J has them with one channel. */
    long[] shape(long examples, long channels) {
        long[] positions = positions();
        long[] shape = new long[positions.length + 2];
        shape[0] = examples;
        shape[1] = channels;
        System.arraycopy(positions, 0, shape, 2, positions.length);
        return shape;
    }

    /** (N, ..): class indices as torch has them. */
    long[] rowShape(long examples) {
        long[] positions = positions();
        long[] shape = new long[positions.length + 1];
        shape[0] = examples;
        System.arraycopy(positions, 0, shape, 1, positions.length);
        return shape;
    }

    long[] weightShape() {
        return switch (this) {
            case RNN_LOSS_LAYER -> new long[] {CLASSES, INPUTS, 1, 1};
            case CNN_LOSS_LAYER -> new long[] {CLASSES, INPUTS, KERNEL, KERNEL};
            default -> new long[] {INPUTS, CLASSES};
        };
    }

    /** The inputs that a single output is a sum over. */
    int fanIn() {
        return isImage() ? INPUTS * KERNEL * KERNEL : INPUTS;
    }

    MultiLayerConfiguration configuration(
            ILossFunction loss, IActivation activation, TorchType type, boolean miniBatch) {
        ListBuilder layers = new NeuralNetConfiguration.Builder()
                .dataType(type == TorchType.FLOAT64 ? DataType.DOUBLE : DataType.FLOAT)
                .updater(new Sgd(LEARNING_RATE))
                .activation(Activation.IDENTITY)
                .miniBatch(miniBatch)
                .list();
        return add(layers, loss, activation).build();
    }

    private ListBuilder add(ListBuilder layers, ILossFunction loss, IActivation activation) {
        return switch (this) {
            case OUTPUT_LAYER ->
                layers.layer(new OutputLayer.Builder(loss)
                        .activation(activation)
                        .nIn(INPUTS)
                        .nOut(CLASSES)
                        .build());
            case LOSS_LAYER ->
                layers.layer(new DenseLayer.Builder().nIn(INPUTS).nOut(CLASSES).build())
                        .layer(new LossLayer.Builder(loss)
                                .activation(activation)
                                .build());
            case RNN_OUTPUT_LAYER ->
                layers.layer(new RnnOutputLayer.Builder(loss)
                        .activation(activation)
                        .dataFormat(RNNFormat.NCW)
                        .nIn(INPUTS)
                        .nOut(CLASSES)
                        .build());
            case RNN_LOSS_LAYER ->
                layers.layer(new Convolution1DLayer.Builder(1).nOut(CLASSES).build())
                        .layer(new RnnLossLayer.Builder(loss)
                                .activation(activation)
                                .dataFormat(RNNFormat.NCW)
                                .build())
                        .setInputType(InputType.recurrent(INPUTS, positions()[0], RNNFormat.NCW));
            case CNN_LOSS_LAYER ->
                layers.layer(new ConvolutionLayer.Builder(KERNEL, KERNEL)
                                .nOut(CLASSES)
                                .build())
                        .layer(new CnnLossLayer.Builder(loss)
                                .activation(activation)
                                .build())
                        .setInputType(InputType.convolutional(
                                positions()[0] + KERNEL - 1, positions()[1] + KERNEL - 1, INPUTS));
        };
    }
}
