/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import io.github.dl4jlosses.porting.internal.LayerTarget.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Where the tensors of a torch module go in the parameters of each kind of DL4J layer. */
final class LayerLayout {

    private static final Map<Class<? extends Layer>, BiFunction<Layer, Map<String, INDArray>, List<Slot>>> LAYOUTS =
            new HashMap<>();

    static {
        for (Class<? extends Layer> type : List.of(DenseLayer.class, OutputLayer.class, RnnOutputLayer.class)) {
            LAYOUTS.put(type, (layer, parameters) -> linear(parameters));
        }
        for (Class<? extends Layer> type : List.of(
                ConvolutionLayer.class,
                Convolution2D.class,
                Convolution3D.class,
                Deconvolution2D.class,
                EmbeddingLayer.class,
                EmbeddingSequenceLayer.class)) {
            LAYOUTS.put(type, (layer, parameters) -> inShapeOfTorch(parameters));
        }
        for (Class<? extends Layer> type : List.of(Convolution1DLayer.class, Convolution1D.class)) {
            LAYOUTS.put(type, (layer, parameters) -> convolution1d(parameters));
        }
        LAYOUTS.put(DepthwiseConvolution2D.class, (layer, parameters) -> depthwise(parameters));
        LAYOUTS.put(BatchNormalization.class, (layer, parameters) -> batchNorm(parameters));
        LAYOUTS.put(LSTM.class, (layer, parameters) -> recurrent(layer, parameters, "", ""));
        LAYOUTS.put(SimpleRnn.class, (layer, parameters) -> recurrent(layer, parameters, "", ""));
        LAYOUTS.put(Bidirectional.class, LayerLayout::bidirectional);
        LAYOUTS.put(PReLULayer.class, (layer, parameters) -> prelu(parameters));
    }

    private LayerLayout() {}

    /**
     * The slots of a layer.
     *
     * @throws IllegalArgumentException if torch has no layer with these parameters
     */
    static List<Slot> of(String place, Layer configuration, Map<String, INDArray> parameters) {
        Layer layer = unwrapped(configuration);
        List<Slot> slots = slots(place, layer, parameters);
        Map<String, INDArray> uncovered = new LinkedHashMap<>(parameters);
        uncovered.keySet().removeAll(slots.stream().map(Slot::name).toList());
        if (!uncovered.isEmpty()) {
            throw new IllegalArgumentException("The parameters " + uncovered.keySet() + " of " + place
                    + " have no counterpart in the torch layer that it stands for");
        }
        return slots;
    }

    private static Layer unwrapped(Layer layer) {
        if (layer instanceof BaseWrapperLayer wrapper) {
            return unwrapped(wrapper.getUnderlying());
        }
        if (layer instanceof FrozenLayerWithBackprop frozen) {
            return unwrapped(frozen.getUnderlying());
        }
        return layer instanceof FrozenLayer frozen ? unwrapped(frozen.getLayer()) : layer;
    }

    /** DL4J has deprecated these layers, but still loads them. */
    @SuppressWarnings("deprecation")
    private static boolean hasPeepholes(Layer layer) {
        return layer instanceof GravesLSTM || layer instanceof GravesBidirectionalLSTM;
    }

    private static List<Slot> slots(String place, Layer layer, Map<String, INDArray> parameters) {
        Layer inner = layer instanceof Bidirectional both ? both.getFwd() : layer;
        if (hasPeepholes(inner)) {
            throw new IllegalArgumentException(
                    place + " has peephole connections, which torch's LSTM has not; use the layer LSTM");
        }
        if (layer instanceof Bidirectional both && both.getMode() != Bidirectional.Mode.CONCAT) {
            throw new IllegalArgumentException(place + " has mode " + both.getMode()
                    + ", but torch's bidirectional LSTM concatenates; use CONCAT");
        }
        boolean known = layer instanceof Bidirectional
                ? inner.getClass() == LSTM.class || inner.getClass() == SimpleRnn.class
                : LAYOUTS.containsKey(layer.getClass());
        if (!known) {
            throw new IllegalArgumentException("No torch layer is known for " + place + " with the parameters "
                    + parameters.keySet() + "; set them with setParam");
        }
        return LAYOUTS.get(layer.getClass()).apply(layer, parameters);
    }

    private static List<Slot> withBias(Slot weight, Map<String, INDArray> parameters) {
        INDArray bias = parameters.get("b");
        return bias == null ? List.of(weight) : List.of(weight, Slot.vector("b", bias, "bias", Function.identity()));
    }

    /** DL4J multiplies from the left, so its weights are torch's transposed. */
    private static List<Slot> linear(Map<String, INDArray> parameters) {
        INDArray weight = parameters.get("W");
        List<Long> shape = List.of(weight.size(1), weight.size(0));
        return withBias(Slot.of("W", weight, "weight", shape, INDArray::transpose), parameters);
    }

    private static List<Slot> inShapeOfTorch(Map<String, INDArray> parameters) {
        INDArray weight = parameters.get("W");
        return withBias(Slot.of("W", weight, "weight", shape(weight), Function.identity()), parameters);
    }

    /** DL4J declares [out, in, k, 1], but its kernel reads the same memory as [k, in, out]. */
    private static List<Slot> convolution1d(Map<String, INDArray> parameters) {
        INDArray weight = parameters.get("W");
        List<Long> shape = List.of(weight.size(0), weight.size(1), weight.size(2));
        return withBias(
                Slot.of(
                        "W",
                        weight,
                        "weight",
                        shape,
                        tensor -> tensor.permute(2, 1, 0).dup('c')),
                parameters);
    }

    /** torch has an output channel for each pair of input channel and multiplier, DL4J a dimension for both. */
    private static List<Slot> depthwise(Map<String, INDArray> parameters) {
        INDArray weight = parameters.get("W");
        List<Long> shape = List.of(weight.size(2) * weight.size(3), 1L, weight.size(0), weight.size(1));
        return withBias(
                Slot.of(
                        "W",
                        weight,
                        "weight",
                        shape,
                        tensor -> tensor.permute(2, 3, 0, 1).dup('c')),
                parameters);
    }

    private static List<Slot> batchNorm(Map<String, INDArray> parameters) {
        Map<String, Slot> slots = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> {
            switch (name) {
                case "gamma" -> slots.put(name, Slot.vector(name, parameter, "weight", Function.identity()));
                case "beta" -> slots.put(name, Slot.vector(name, parameter, "bias", Function.identity()));
                case "mean" -> slots.put(name, Slot.vector(name, parameter, "running_mean", Function.identity()));
                case "var" -> slots.put(name, Slot.vector(name, parameter, "running_var", Function.identity()));
                // the logarithm of the standard deviation, which is half of that of the variance
                case "log10stdev" ->
                    slots.put(
                            name,
                            Slot.vector(
                                    name,
                                    parameter,
                                    "running_var",
                                    var -> Transforms.log(var, true).divi(2 * Math.log(10))));
                default -> {}
            }
        });
        return new ArrayList<>(slots.values());
    }

    private static List<Slot> bidirectional(Layer layer, Map<String, INDArray> parameters) {
        Layer inner = ((Bidirectional) layer).getFwd();
        List<Slot> slots = new ArrayList<>(recurrent(inner, parameters, "f", ""));
        slots.addAll(recurrent(inner, parameters, "b", "_reverse"));
        return slots;
    }

    private static List<Slot> recurrent(Layer layer, Map<String, INDArray> parameters, String prefix, String suffix) {
        // the only other layer has one gate
        UnaryOperator<INDArray> gates = layer instanceof LSTM ? LayerLayout::gatesInOrder : UnaryOperator.identity();
        return List.of(
                gates(parameters, prefix + "W", "weight_ih" + suffix, gates),
                gates(parameters, prefix + "RW", "weight_hh" + suffix, gates),
                biases(parameters, prefix + "b", suffix, gates));
    }

    private static Slot gates(
            Map<String, INDArray> parameters, String name, String tensor, UnaryOperator<INDArray> gates) {
        INDArray weight = parameters.get(name);
        List<Long> shape = List.of(weight.size(1), weight.size(0));
        return Slot.of(name, weight, tensor, shape, value -> gates.apply(value).transpose());
    }

    /** torch adds two biases where DL4J has one. */
    private static Slot biases(
            Map<String, INDArray> parameters, String name, String suffix, UnaryOperator<INDArray> gates) {
        INDArray bias = parameters.get(name);
        return new Slot(
                name,
                bias,
                List.of("bias_ih" + suffix, "bias_hh" + suffix),
                List.of(bias.length()),
                values -> gates.apply(values.get(0).add(values.get(1))));
    }

    /** torch's blocks of rows are i, f, g, o; DL4J's, in torch's terms, are g, f, o, i. */
    private static INDArray gatesInOrder(INDArray tensor) {
        INDArray rows = tensor.reshape('c', tensor.size(0), tensor.length() / tensor.size(0));
        long n = rows.size(0) / 4;
        return Nd4j.concat(0, block(rows, 2, n), block(rows, 1, n), block(rows, 3, n), block(rows, 0, n));
    }

    private static INDArray block(INDArray rows, long number, long size) {
        return rows.get(NDArrayIndex.interval(number * size, (number + 1) * size), NDArrayIndex.all());
    }

    /** torch has one number in all or one for each channel, and so the other dimensions must be shared. */
    private static List<Slot> prelu(Map<String, INDArray> parameters) {
        INDArray alpha = parameters.get("W");
        boolean perChannel = alpha.size(0) == alpha.length();
        List<Long> shape = perChannel ? List.of(alpha.length()) : shape(alpha);
        return List.of(Slot.of("W", alpha, "weight", shape, Function.identity()));
    }

    private static List<Long> shape(INDArray array) {
        return Arrays.stream(array.shape()).boxed().toList();
    }
}
