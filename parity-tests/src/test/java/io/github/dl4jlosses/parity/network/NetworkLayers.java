/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static io.github.dl4jlosses.parity.network.LayerKind.CENTER_WEIGHT;
import static io.github.dl4jlosses.parity.network.LayerKind.INPUTS;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.layer.FusedOutputLayer;
import io.github.dl4jlosses.layer.FusedRnnOutputLayer;
import io.github.dl4jlosses.parity.TorchType;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The configurations of a {@link LayerKind}, as a network of layers and as a graph of the same layers. */
record NetworkLayers(LayerKind kind, ILossFunction loss, IActivation activation, int outputs) {
    /** As many outputs as a label has numbers. */
    NetworkLayers(LayerKind kind, ILossFunction loss, IActivation activation) {
        this(kind, loss, activation, LayerKind.CLASSES);
    }

    /** Of plain gradient descent. */
    static final double LEARNING_RATE = 1;

    MultiLayerConfiguration multiLayer(TorchType type, boolean miniBatch) {
        ListBuilder list = settings(type, miniBatch).list();
        layers().forEach(list::layer);
        if (inputType() != null) {
            list.setInputType(inputType());
        }
        return list.build();
    }

    /** The layers have their numbers as names, as in a network of layers. */
    ComputationGraphConfiguration graph(TorchType type, boolean miniBatch) {
        GraphBuilder graph = settings(type, miniBatch).graphBuilder().addInputs("features");
        String last = "features";
        for (Layer layer : layers()) {
            String name = last.equals("features") ? "0" : "1";
            graph.addLayer(name, layer, last);
            last = name;
        }
        if (inputType() != null) {
            graph.setInputTypes(inputType());
        }
        return graph.setOutputs(last).build();
    }

    private static NeuralNetConfiguration.Builder settings(TorchType type, boolean miniBatch) {
        return new NeuralNetConfiguration.Builder()
                .dataType(type == TorchType.FLOAT64 ? DataType.DOUBLE : DataType.FLOAT)
                .updater(new Sgd(LEARNING_RATE))
                .activation(Activation.IDENTITY)
                .miniBatch(miniBatch);
    }

    /** Null where nothing has to be known of the input. */
    private InputType inputType() {
        long[] size = kind.featureShape(1);
        return switch (kind) {
            case RNN_LOSS_LAYER, RNN_LOSS_LAYER_NWC -> InputType.recurrent(INPUTS, size[2], recurrentFormat());
            case CNN_LOSS_LAYER, CNN_LOSS_LAYER_NHWC ->
                InputType.convolutional(
                        size[2], size[3], INPUTS, kind.isChannelsLast() ? CNN2DFormat.NHWC : CNN2DFormat.NCHW);
            case CNN_3D_LOSS_LAYER, CNN_3D_LOSS_LAYER_NDHWC ->
                InputType.convolutional3D(volumeFormat(), size[2], size[3], size[4], INPUTS);
            default -> null;
        };
    }

    private RNNFormat recurrentFormat() {
        return kind.isChannelsLast() ? RNNFormat.NWC : RNNFormat.NCW;
    }

    private Convolution3D.DataFormat volumeFormat() {
        return kind.isChannelsLast() ? Convolution3D.DataFormat.NDHWC : Convolution3D.DataFormat.NCDHW;
    }

    private int[] kernel() {
        return kind.map.kernel().stream().mapToInt(size -> size).toArray();
    }

    private List<Layer> layers() {
        return switch (kind) {
            case OUTPUT_LAYER ->
                List.of(new OutputLayer.Builder(loss)
                        .activation(activation)
                        .nIn(INPUTS)
                        .nOut(outputs)
                        .build());
            case FUSED_OUTPUT_LAYER ->
                List.of(new FusedOutputLayer.Builder((TorchLoss) loss)
                        .chunk(LayerKind.CHUNK)
                        .activation(activation)
                        .nIn(INPUTS)
                        .nOut(outputs)
                        .build());
            case LOSS_LAYER ->
                List.of(
                        dense(),
                        new LossLayer.Builder(loss).activation(activation).build());
            case CENTER_LOSS_OUTPUT_LAYER ->
                List.of(new CenterLossOutputLayer.Builder(loss)
                        .activation(activation)
                        .lambda(2 * CENTER_WEIGHT)
                        .nIn(INPUTS)
                        .nOut(outputs)
                        .build());
            case RNN_OUTPUT_LAYER, RNN_OUTPUT_LAYER_NWC ->
                List.of(new RnnOutputLayer.Builder(loss)
                        .activation(activation)
                        .dataFormat(recurrentFormat())
                        .nIn(INPUTS)
                        .nOut(outputs)
                        .build());
            case FUSED_RNN_OUTPUT_LAYER, FUSED_RNN_OUTPUT_LAYER_NWC ->
                List.of(new FusedRnnOutputLayer.Builder((TorchLoss) loss)
                        .chunk(LayerKind.CHUNK)
                        .activation(activation)
                        .dataFormat(recurrentFormat())
                        .nIn(INPUTS)
                        .nOut(outputs)
                        .build());
            case RNN_LOSS_LAYER ->
                List.of(new Convolution1DLayer.Builder(1).nOut(outputs).build(), recurrentLoss());
            case RNN_LOSS_LAYER_NWC -> List.of(new TimeDistributed(dense(), recurrentFormat()), recurrentLoss());
            case CNN_LOSS_LAYER, CNN_LOSS_LAYER_NHWC ->
                List.of(
                        new ConvolutionLayer.Builder(kernel()).nOut(outputs).build(),
                        new CnnLossLayer.Builder(loss).activation(activation).build());
            case CNN_3D_LOSS_LAYER, CNN_3D_LOSS_LAYER_NDHWC ->
                List.of(
                        new Convolution3D.Builder(kernel())
                                .dataFormat(volumeFormat())
                                .nOut(outputs)
                                .build(),
                        new Cnn3DLossLayer.Builder(volumeFormat())
                                .lossFunction(loss)
                                .activation(activation)
                                .build());
        };
    }

    private DenseLayer dense() {
        return new DenseLayer.Builder().nIn(INPUTS).nOut(outputs).build();
    }

    private RnnLossLayer recurrentLoss() {
        return new RnnLossLayer.Builder(loss)
                .activation(activation)
                .dataFormat(recurrentFormat())
                .build();
    }
}
