/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import io.github.dl4jlosses.layer.FusedOutputLayer;
import io.github.dl4jlosses.layer.FusedRnnOutputLayer;
import io.github.dl4jlosses.layer.GroupedConvolution2D;
import io.github.dl4jlosses.layer.LayerNorm;
import io.github.dl4jlosses.layer.LearnedPositions;
import io.github.dl4jlosses.layer.MultiHeadAttention;
import io.github.dl4jlosses.layer.SequenceLinear;
import io.github.dl4jlosses.layer.TorchBatchNormalization;
import io.github.dl4jlosses.layer.TorchPReLU;
import io.github.dl4jlosses.porting.internal.LayerTarget.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
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
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where the tensors of a torch module go in the parameters of each kind of DL4J layer. */
final class LayerLayout {

    private static final Map<Class<? extends Layer>, BiFunction<Layer, Map<String, INDArray>, List<Slot>>> LAYOUTS =
            new HashMap<>();

    /** A name of a parameter in DL4J has no underscore, which ends the name of its layer. */
    private static final Map<String, String> ATTENTION = Map.of(
            "inProjWeight",
            "in_proj_weight",
            "inProjBias",
            "in_proj_bias",
            "outProjWeight",
            "out_proj.weight",
            "outProjBias",
            "out_proj.bias");

    static {
        for (Class<? extends Layer> type : List.of(
                DenseLayer.class,
                OutputLayer.class,
                RnnOutputLayer.class,
                FusedOutputLayer.class,
                FusedRnnOutputLayer.class)) {
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
        for (Class<? extends Layer> type : List.of(BatchNormalization.class, TorchBatchNormalization.class)) {
            LAYOUTS.put(type, (layer, parameters) -> batchNorm(parameters));
        }
        LAYOUTS.put(LSTM.class, (layer, parameters) -> recurrent(layer, parameters, "", ""));
        LAYOUTS.put(SimpleRnn.class, (layer, parameters) -> recurrent(layer, parameters, "", ""));
        LAYOUTS.put(Bidirectional.class, LayerLayout::bidirectional);
        LAYOUTS.put(PReLULayer.class, (layer, parameters) -> prelu(parameters));
        for (Class<? extends Layer> type :
                List.of(LayerNorm.class, SequenceLinear.class, LearnedPositions.class, TorchPReLU.class)) {
            LAYOUTS.put(type, (layer, parameters) -> named(parameters, Map.of()));
        }
        LAYOUTS.put(GroupedConvolution2D.class, (layer, parameters) -> inShapeOfTorch(parameters));
        LAYOUTS.put(MultiHeadAttention.class, (layer, parameters) -> named(parameters, ATTENTION));
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
        if (inner instanceof BaseRecurrentLayer recurrent) {
            checkActivation(place, recurrent);
        }
        return LAYOUTS.get(layer.getClass()).apply(layer, parameters);
    }

    private static List<Slot> withBias(Slot weight, Map<String, INDArray> parameters) {
        INDArray bias = parameters.get("b");
        return bias == null ? List.of(weight) : List.of(weight, Slot.vector("b", bias, "bias", TensorLayout.SAME));
    }

    private static List<Slot> linear(Map<String, INDArray> parameters) {
        INDArray weight = parameters.get("W");
        List<Long> shape = List.of(weight.size(1), weight.size(0));
        return withBias(Slot.of("W", weight, "weight", shape, TensorLayout.TRANSPOSED), parameters);
    }

    private static List<Slot> inShapeOfTorch(Map<String, INDArray> parameters) {
        INDArray weight = parameters.get("W");
        return withBias(Slot.of("W", weight, "weight", shape(weight), TensorLayout.SAME), parameters);
    }

    private static List<Slot> convolution1d(Map<String, INDArray> parameters) {
        INDArray weight = parameters.get("W");
        List<Long> shape = List.of(weight.size(0), weight.size(1), weight.size(2));
        return withBias(Slot.of("W", weight, "weight", shape, TensorLayout.CONVOLUTION_1D), parameters);
    }

    /** torch has an output channel for each pair of input channel and multiplier, DL4J a dimension for both. */
    private static List<Slot> depthwise(Map<String, INDArray> parameters) {
        INDArray weight = parameters.get("W");
        List<Long> shape = List.of(weight.size(2) * weight.size(3), 1L, weight.size(0), weight.size(1));
        return withBias(Slot.of("W", weight, "weight", shape, TensorLayout.DEPTHWISE), parameters);
    }

    private static List<Slot> batchNorm(Map<String, INDArray> parameters) {
        List<Slot> slots = new ArrayList<>();
        parameters.forEach((name, parameter) -> {
            switch (name) {
                case "gamma" -> slots.add(Slot.vector(name, parameter, "weight", TensorLayout.SAME));
                case "beta" -> slots.add(Slot.vector(name, parameter, "bias", TensorLayout.SAME));
                case "mean" -> slots.add(Slot.vector(name, parameter, "running_mean", TensorLayout.SAME));
                case "var" -> slots.add(Slot.vector(name, parameter, "running_var", TensorLayout.SAME));
                case "log10stdev" -> slots.add(Slot.vector(name, parameter, "running_var", TensorLayout.LOG10_OF_ROOT));
                default -> {}
            }
        });
        return slots;
    }

    private static List<Slot> bidirectional(Layer layer, Map<String, INDArray> parameters) {
        Layer inner = ((Bidirectional) layer).getFwd();
        List<Slot> slots = new ArrayList<>(recurrent(inner, parameters, "f", ""));
        slots.addAll(recurrent(inner, parameters, "b", "_reverse"));
        return slots;
    }

    /** DL4J's default is a sigmoid, with which the outputs would be others, and nothing else would tell. */
    private static void checkActivation(String place, BaseRecurrentLayer layer) {
        IActivation activation = layer.getActivationFn();
        boolean fits = activation instanceof ActivationTanH
                || (layer instanceof SimpleRnn && activation instanceof ActivationReLU);
        if (!fits) {
            throw new IllegalArgumentException(place + " has the activation " + activation
                    + ", but torch's has tanh; set activation(Activation.TANH)");
        }
        if (layer instanceof LSTM lstm && !(lstm.getGateActivationFn() instanceof ActivationSigmoid)) {
            throw new IllegalArgumentException(place + " has gates with the activation " + lstm.getGateActivationFn()
                    + ", but torch's have a sigmoid");
        }
    }

    private static List<Slot> recurrent(Layer layer, Map<String, INDArray> parameters, String prefix, String suffix) {
        // the only other layer, SimpleRnn, has one gate
        boolean hasGates = layer instanceof LSTM;
        TensorLayout weights = hasGates ? TensorLayout.GATES : TensorLayout.TRANSPOSED;
        return List.of(
                gates(parameters, prefix + "W", "weight_ih" + suffix, weights),
                gates(parameters, prefix + "RW", "weight_hh" + suffix, weights),
                biases(parameters, prefix + "b", suffix, hasGates ? TensorLayout.SUM_OF_GATES : TensorLayout.SUM));
    }

    private static Slot gates(Map<String, INDArray> parameters, String name, String tensor, TensorLayout layout) {
        INDArray weight = parameters.get(name);
        return Slot.of(name, weight, tensor, List.of(weight.size(1), weight.size(0)), layout);
    }

    private static Slot biases(Map<String, INDArray> parameters, String name, String suffix, TensorLayout layout) {
        INDArray bias = parameters.get(name);
        List<String> tensors = List.of("bias_ih" + suffix, "bias_hh" + suffix);
        return new Slot(name, bias, tensors, List.of(bias.length()), layout);
    }

    /** torch has one number in all or one for each channel, and so the other dimensions must be shared. */
    private static List<Slot> prelu(Map<String, INDArray> parameters) {
        INDArray alpha = parameters.get("W");
        boolean perChannel = alpha.size(0) == alpha.length();
        List<Long> shape = perChannel ? List.of(alpha.length()) : shape(alpha);
        return List.of(Slot.of("W", alpha, "weight", shape, TensorLayout.SAME));
    }

    /** Parameters in torch's shapes, under the same names or those of the map. */
    private static List<Slot> named(Map<String, INDArray> parameters, Map<String, String> names) {
        return parameters.entrySet().stream()
                .map(parameter -> Slot.of(
                        parameter.getKey(),
                        parameter.getValue(),
                        names.getOrDefault(parameter.getKey(), parameter.getKey()),
                        shape(parameter.getValue()),
                        TensorLayout.SAME))
                .toList();
    }

    private static List<Long> shape(INDArray array) {
        return Arrays.stream(array.shape()).boxed().toList();
    }
}
