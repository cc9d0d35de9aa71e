/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.memory.FilledArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Layers on both sides: a DL4J network, the tensors of the same layers in torch, and torch's function of them. */
final class LayerCase {

    private final String name;
    private final long[] inputShape;
    private final Map<String, long[]> shapes = new LinkedHashMap<>();
    private final String text;
    private Layer[] layers;
    private InputType inputType;
    private int classes;

    /** The text is over {@code x} and the tensors {@code p0}, {@code p1}, .. in the order in which they are added. */
    LayerCase(String name, String text, long... inputShape) {
        this.name = name;
        this.text = text;
        this.inputShape = inputShape;
    }

    LayerCase of(Layer... dl4j) {
        layers = dl4j;
        return this;
    }

    LayerCase on(InputType type) {
        inputType = type;
        return this;
    }

    LayerCase with(String tensor, long... shape) {
        shapes.put(tensor, shape);
        return this;
    }

    /** The four tensors of each layer and direction of an LSTM. */
    LayerCase withLstm(String suffix, long inputs, long units) {
        return with("lstm.weight_ih_" + suffix, 4 * units, inputs)
                .with("lstm.weight_hh_" + suffix, 4 * units, units)
                .with("lstm.bias_ih_" + suffix, 4 * units)
                .with("lstm.bias_hh_" + suffix, 4 * units);
    }

    /** The input holds indices below a number. */
    LayerCase withIndices(int below) {
        classes = below;
        return this;
    }

    MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .activation(Activation.IDENTITY)
                .list(layers)
                .setInputType(inputType)
                .build());
        network.init();
        return network;
    }

    Map<String, TorchTensor> tensors(Random random) {
        Map<String, TorchTensor> tensors = new LinkedHashMap<>();
        shapes.forEach((tensor, shape) -> tensors.put(tensor, tensor(random, tensor.endsWith("running_var"), shape)));
        return tensors;
    }

    TorchTensor input(Random random) {
        if (classes == 0) {
            return tensor(random, false, inputShape);
        }
        long[] indices = random.longs(FilledArray.size(inputShape), 0, classes).toArray();
        return TorchTensor.of(TorchType.INT64, indices, inputShape);
    }

    private static TorchTensor tensor(Random random, boolean positive, long... shape) {
        double[] values =
                random.doubles(FilledArray.size(shape), positive ? .1 : -1, 2).toArray();
        return TorchTensor.of(TorchType.FLOAT64, values, shape);
    }

    static INDArray output(MultiLayerNetwork network, TorchTensor input) {
        return network.output(input.to(TorchType.FLOAT64).toArray());
    }

    TorchTensor torchOutput(Map<String, TorchTensor> tensors, TorchTensor input) {
        List<String> names = new ArrayList<>(List.of("x"));
        List<TorchTensor> arguments = new ArrayList<>(List.of(input));
        tensors.values().forEach(tensor -> {
            names.add("p" + (names.size() - 1));
            arguments.add(tensor);
        });
        return TorchFunction.of(text, names.toArray(String[]::new))
                .call(arguments.toArray(TorchTensor[]::new))
                .value();
    }

    @Override
    public String toString() {
        return name;
    }
}
