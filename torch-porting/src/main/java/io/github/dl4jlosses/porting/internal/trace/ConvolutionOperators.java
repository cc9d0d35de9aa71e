/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.layer.GroupedConvolution2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;

/**
 * Translates convolutions of one to three dimensions, depthwise and transposed ones, and operators that change the size
 * of pictures.
 */
final class ConvolutionOperators {

    private ConvolutionOperators() {}

    static void addTo(Map<String, Operator> table) {
        table.put(
                "torch._convolution",
                call -> call.flag(6, false)
                        ? transposed(call, 3, 4, 7, 8, 5)
                        : convolution(call, new Places(3, 4, 5, 8)));
        table.put("torch._convolution_mode", call -> convolution(call, new Places(3, 4, 5, 6)));
        for (String name : List.of("torch.conv1d", "torch.conv2d", "torch.conv3d")) {
            table.put(name, call -> convolution(call, new Places(3, 4, 5, 6)));
        }
        table.put("torch.conv_transpose2d", call -> transposed(call, 3, 4, 5, 6, 7));
        table.put("torch.upsample_nearest2d", ConvolutionOperators::upsample);
        table.put("torch.constant_pad_nd", call -> pad(call, 2));
        table.put("torch.pad", call -> {
            if (call.has(2) && !"constant".equals(call.any(2))) {
                throw call.refused("pads by mode " + call.any(2) + "; DL4J pads by zeros");
            }
            return pad(call, 3);
        });
    }

    /** The positions of the options among the arguments. */
    private record Places(int stride, int padding, int dilation, int groups) {}

    private static Object convolution(Call call, Places places) {
        Activation x = Reshaping.asPicture(call, call.activation(0));
        Weight weight = call.weight(1);
        long groups = call.number(places.groups(), 1);
        checkInput(call, x, weight, groups > 0 ? weight.size(1) * groups : 0);
        int[] kernel = sizes(weight);
        Window window = window(call, places, kernel);
        boolean depthwise = groups > 1 && groups == x.channels() && weight.size(1) == 1;
        if (groups != 1 && kernel.length != 2) {
            throw call.refused("has " + groups + " groups, which no layer of " + kernel.length + " dimensions has");
        }
        List<Long> shape = new ArrayList<>(List.of(Activation.BATCH, (long) weight.size(0)));
        for (int i = 0; i < kernel.length; i++) {
            shape.add(window.outputSize(call, i, x.shape().get(i + 2)));
        }
        Map<String, String> tensors = ProductOperators.tensors(call, 1, 2);
        Source<? extends Layer> layer = depthwise
                ? depthwise(call, window, weight, (int) x.channels())
                : switch (kernel.length) {
                    case 1 -> oneDimension(call, window, weight);
                    case 2 ->
                        groups == 1 ? twoDimensions(call, window, weight) : grouped(call, window, weight, (int) groups);
                    default -> threeDimensions(call, window, weight);
                };
        return Activation.of(call.add(layer, x.vertex(), tensors), x.form(), shape);
    }

    private static void checkInput(Call call, Activation x, Weight weight, long channels) {
        boolean fits = weight.rank() >= 3
                && weight.rank() <= 5
                && x.isInOrder()
                && x.form().rank() == weight.rank()
                && x.channels() == channels;
        if (!fits) {
            throw call.refused("takes an input of the sizes " + x.words() + " and weights of " + weight.shape()
                    + "; it needs " + channels + " channels in the second of " + weight.rank() + " dimensions");
        }
    }

    private static int[] sizes(Weight weight) {
        return weight.shape().stream().skip(2).mapToInt(Math::toIntExact).toArray();
    }

    private static Window window(Call call, Places places, int[] kernel) {
        int[] stride = call.counts(places.stride(), kernel.length, 1);
        int[] dilation = call.counts(places.dilation(), kernel.length, 1);
        if (!(call.any(places.padding()) instanceof String mode)) {
            return new Window(kernel, stride, call.counts(places.padding(), kernel.length, 0), dilation, false);
        }
        if (mode.equals("valid")) {
            return new Window(kernel, stride, new int[kernel.length], dilation, false);
        }
        if (!mode.equals("same") || Arrays.stream(stride).anyMatch(s -> s != 1)) {
            throw call.refused("has the padding " + mode + " with a stride other than 1, or one that is not known");
        }
        int[] both = new int[kernel.length];
        for (int i = 0; i < both.length; i++) {
            both[i] = dilation[i] * (kernel[i] - 1);
        }
        boolean uneven = Arrays.stream(both).anyMatch(sum -> sum % 2 != 0);
        int[] padding = Arrays.stream(both).map(sum -> uneven ? 0 : sum / 2).toArray();
        return new Window(kernel, stride, padding, dilation, uneven);
    }

    private static Source<? extends Layer> oneDimension(Call call, Window window, Weight weight) {
        return Source.of(() -> new Convolution1DLayer.Builder())
                .with("kernelSize", Convolution1DLayer.Builder::kernelSize, window.kernel()[0])
                .with("stride", Convolution1DLayer.Builder::stride, window.stride()[0])
                .with("padding", Convolution1DLayer.Builder::padding, window.padding()[0])
                .with("dilation", (builder, d) -> builder.dilation(d), window.dilation()[0])
                .with("convolutionMode", (builder, mode) -> builder.convolutionMode(mode), window.mode())
                .with("nIn", Convolution1DLayer.Builder::nIn, weight.size(1))
                .with("nOut", Convolution1DLayer.Builder::nOut, weight.size(0))
                .with("hasBias", Convolution1DLayer.Builder::hasBias, call.has(2))
                .withMade("activation", (builder, a) -> builder.activation(a), ProductOperators.identity())
                .then("build", Convolution1DLayer.Builder::build);
    }

    private static Source<? extends Layer> twoDimensions(Call call, Window window, Weight weight) {
        return Source.of(() -> new ConvolutionLayer.Builder())
                .with("kernelSize", ConvolutionLayer.Builder::kernelSize, window.kernel())
                .with("stride", ConvolutionLayer.Builder::stride, window.stride())
                .with("padding", ConvolutionLayer.Builder::padding, window.padding())
                .with("dilation", (builder, d) -> builder.dilation(d), window.dilation())
                .with("convolutionMode", (builder, mode) -> builder.convolutionMode(mode), window.mode())
                .with("nIn", ConvolutionLayer.Builder::nIn, weight.size(1))
                .with("nOut", ConvolutionLayer.Builder::nOut, weight.size(0))
                .with("hasBias", ConvolutionLayer.Builder::hasBias, call.has(2))
                .withMade("activation", (builder, a) -> builder.activation(a), ProductOperators.identity())
                .then("build", ConvolutionLayer.Builder::build);
    }

    private static Source<? extends Layer> grouped(Call call, Window window, Weight weight, int groups) {
        return Source.of(GroupedConvolution2D.Builder::new, window.kernel())
                .with("stride", GroupedConvolution2D.Builder::stride, window.stride())
                .with("padding", GroupedConvolution2D.Builder::padding, window.padding())
                .with("dilation", (builder, d) -> builder.dilation(d), window.dilation())
                .with("convolutionMode", (builder, mode) -> builder.convolutionMode(mode), window.mode())
                .with("groups", GroupedConvolution2D.Builder::groups, groups)
                .with("nIn", GroupedConvolution2D.Builder::nIn, weight.size(1) * groups)
                .with("nOut", GroupedConvolution2D.Builder::nOut, weight.size(0))
                .with("hasBias", GroupedConvolution2D.Builder::hasBias, call.has(2))
                .withMade("activation", (builder, a) -> builder.activation(a), ProductOperators.identity())
                .then("build", GroupedConvolution2D.Builder::build);
    }

    private static Source<? extends Layer> threeDimensions(Call call, Window window, Weight weight) {
        if (window.stride()[1] != window.stride()[2]) {
            throw call.refused("has unequal strides of height and width, for which DL4J gets the width wrong");
        }
        return Source.of(() -> new Convolution3D.Builder())
                .with("kernelSize", Convolution3D.Builder::kernelSize, window.kernel())
                .with("stride", Convolution3D.Builder::stride, window.stride())
                .with("padding", Convolution3D.Builder::padding, window.padding())
                .with("dilation", Convolution3D.Builder::dilation, window.dilation())
                .with("convolutionMode", Convolution3D.Builder::convolutionMode, window.mode())
                .with("dataFormat", Convolution3D.Builder::dataFormat, Convolution3D.DataFormat.NCDHW)
                .with("nIn", Convolution3D.Builder::nIn, weight.size(1))
                .with("nOut", Convolution3D.Builder::nOut, weight.size(0))
                .with("hasBias", Convolution3D.Builder::hasBias, call.has(2))
                .withMade("activation", (builder, a) -> builder.activation(a), ProductOperators.identity())
                .then("build", Convolution3D.Builder::build);
    }

    private static Source<? extends Layer> depthwise(Call call, Window window, Weight weight, int channels) {
        return Source.of(() -> new DepthwiseConvolution2D.Builder())
                .with("depthMultiplier", DepthwiseConvolution2D.Builder::depthMultiplier, weight.size(0) / channels)
                .with("kernelSize", DepthwiseConvolution2D.Builder::kernelSize, window.kernel())
                .with("stride", DepthwiseConvolution2D.Builder::stride, window.stride())
                .with("padding", DepthwiseConvolution2D.Builder::padding, window.padding())
                .with("dilation", (builder, d) -> builder.dilation(d), window.dilation())
                .with("convolutionMode", (builder, mode) -> builder.convolutionMode(mode), window.mode())
                .with("nIn", DepthwiseConvolution2D.Builder::nIn, channels)
                .with("nOut", DepthwiseConvolution2D.Builder::nOut, weight.size(0))
                .with("hasBias", DepthwiseConvolution2D.Builder::hasBias, call.has(2))
                .withMade("activation", (builder, a) -> builder.activation(a), ProductOperators.identity())
                .then("build", DepthwiseConvolution2D.Builder::build);
    }

    private static Object transposed(
            Call call, int strides, int paddings, int outputPaddings, int groups, int dilations) {
        Activation x = call.activation(0);
        Weight weight = call.weight(1);
        checkInput(call, x, weight, weight.size(0));
        int[] kernel = sizes(weight);
        int[] stride = call.counts(strides, kernel.length, 1);
        int[] padding = call.counts(paddings, kernel.length, 0);
        boolean plain = kernel.length == 2
                && call.number(groups, 1) == 1
                && Arrays.stream(call.counts(outputPaddings, kernel.length, 0)).allMatch(p -> p == 0)
                && Arrays.stream(call.counts(dilations, kernel.length, 1)).allMatch(d -> d == 1);
        if (!plain) {
            throw call.refused("is a transposed convolution of " + kernel.length
                    + " dimensions with groups, output_padding or dilation; DL4J has it for two dimensions without"
                    + " them");
        }
        Source<Deconvolution2D> layer = Source.of(() -> new Deconvolution2D.Builder())
                .with("kernelSize", Deconvolution2D.Builder::kernelSize, kernel)
                .with("stride", Deconvolution2D.Builder::stride, stride)
                .with("padding", Deconvolution2D.Builder::padding, padding)
                .with("convolutionMode", Deconvolution2D.Builder::convolutionMode, ConvolutionMode.Truncate)
                .with("nIn", Deconvolution2D.Builder::nIn, weight.size(0))
                .with("nOut", Deconvolution2D.Builder::nOut, weight.size(1))
                .with("hasBias", Deconvolution2D.Builder::hasBias, call.has(2))
                .withMade("activation", (builder, a) -> builder.activation(a), ProductOperators.identity())
                .then("build", Deconvolution2D.Builder::build);
        List<Long> shape = new ArrayList<>(List.of(Activation.BATCH, (long) weight.size(1)));
        for (int i = 0; i < 2; i++) {
            shape.add((x.shape().get(i + 2) - 1) * stride[i] + kernel[i] - 2L * padding[i]);
        }
        String vertex = call.add(layer, x.vertex(), ProductOperators.tensors(call, 1, 2));
        return Activation.of(vertex, Form.IMAGE, shape);
    }

    private static Activation picture(Call call) {
        Activation x = call.activation(0);
        if (x.form() != Form.IMAGE || !x.isInOrder()) {
            throw call.refused("takes an input of the sizes " + x.words() + "; DL4J has it for [N, C, H, W]");
        }
        return x;
    }

    /** Translates upsampling by whole factors, given as such or as sizes. */
    private static Object upsample(Call call) {
        Activation x = picture(call);
        int[] factors = new int[2];
        for (int i = 0; i < 2; i++) {
            long size = x.shape().get(i + 2);
            Object given = call.has(1)
                    ? call.list(1).get(i)
                    : call.list(call.arguments() - 1).get(i);
            double factor = call.real(given, 0) / (call.has(1) ? size : 1);
            if (factor < 1 || factor != Math.rint(factor) || factor > 1024) {
                throw call.refused("enlarges by the factor " + factor + "; DL4J does by whole ones");
            }
            factors[i] = (int) factor;
        }
        Source<Upsampling2D> layer = Source.of(() -> new Upsampling2D.Builder())
                .withMade("size", (builder, size) -> builder.size(size), Source.array(factors))
                .then("build", Upsampling2D.Builder::build);
        List<Long> shape = List.of(
                Activation.BATCH,
                x.channels(),
                x.shape().get(2) * factors[0],
                x.shape().get(3) * factors[1]);
        return Activation.of(call.add(layer, x.vertex(), Map.of()), Form.IMAGE, shape);
    }

    private static Object pad(Call call, int number) {
        Activation x = picture(call);
        int[] pads = call.counts(1, 4, 0); // left, right, top, bottom
        if (call.real(number, 0) != 0) {
            throw call.refused("pads by another number than 0");
        }
        Source<ZeroPaddingLayer> layer = Source.of(
                        ZeroPaddingLayer.Builder::new, new int[] {pads[2], pads[3], pads[0], pads[1]})
                .then("build", ZeroPaddingLayer.Builder::build);
        List<Long> shape = List.of(
                Activation.BATCH,
                x.channels(),
                x.shape().get(2) + pads[2] + pads[3],
                x.shape().get(3) + pads[0] + pads[1]);
        return Activation.of(call.add(layer, x.vertex(), Map.of()), Form.IMAGE, shape);
    }
}
