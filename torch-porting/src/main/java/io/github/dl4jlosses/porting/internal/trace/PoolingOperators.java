/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Translates pooling by windows, to a given size, and over whole dimensions. */
final class PoolingOperators {

    private PoolingOperators() {}

    static void addTo(Map<String, Operator> table) {
        for (int d = 1; d <= 3; d++) {
            int dimensions = d;
            table.put("torch.max_pool" + d + "d", call -> maximum(call, dimensions));
            table.put("torch.max_pool" + d + "d_with_indices", call -> withIndices(maximum(call, dimensions)));
            table.put("torch.avg_pool" + d + "d", call -> average(call, dimensions));
            table.put("torch.adaptive_avg_pool" + d + "d", call -> adaptive(call, dimensions, PoolingType.AVG));
            table.put(
                    "torch.adaptive_max_pool" + d + "d",
                    call -> withIndices(adaptive(call, dimensions, PoolingType.MAX)));
        }
        table.put("torch.mean", call -> reduced(call, PoolingType.AVG));
        table.put("torch.sum", call -> reduced(call, PoolingType.SUM));
        table.put("torch.amax", call -> reduced(call, PoolingType.MAX));
        table.put("torch.max", call -> {
            if (!(call.any(1) instanceof Long)) {
                throw call.refused(
                        "compares tensors or reduces all dimensions; DL4J reduces those behind the channels");
            }
            return withIndices(reduced(call, PoolingType.MAX));
        });
    }

    private static List<Object> withIndices(Object pooled) {
        return List.of(pooled, Lacking.PLACES_OF_MAXIMA);
    }

    private static Object maximum(Call call, int dimensions) {
        Window window = window(call, dimensions, 5);
        if (Arrays.stream(call.counts(4, dimensions, 1)).anyMatch(d -> d != 1)) {
            throw call.refused("has a dilation, which DL4J's pooling has not");
        }
        return pooled(call, window, PoolingType.MAX, false);
    }

    private static Object average(Call call, int dimensions) {
        Window window = window(call, dimensions, 4);
        if (call.has(6)) {
            throw call.refused("has a divisor of its own");
        }
        return pooled(call, window, PoolingType.AVG, call.flag(5, true));
    }

    private static Window window(Call call, int dimensions, int ceilMode) {
        Activation x = spread(call, dimensions);
        int[] kernel = call.counts(1, dimensions, 0);
        int[] stride = call.any(2) instanceof List<?> given && given.isEmpty() ? kernel : call.counts(2, dimensions, 0);
        if (Arrays.stream(stride).allMatch(s -> s == 0)) {
            stride = kernel;
        }
        int[] ones = IntStream.generate(() -> 1).limit(dimensions).toArray();
        Window window = new Window(kernel, stride, call.counts(3, dimensions, 0), ones, false);
        for (int i = 0; i < dimensions; i++) {
            window.outputSize(call, i, x.shape().get(i + 2));
            if (call.flag(ceilMode, false) && window.leavesARest(i, x.shape().get(i + 2))) {
                throw call.refused("rounds its size up (ceil_mode), where DL4J rounds down");
            }
        }
        return window;
    }

    private static Activation spread(Call call, int dimensions) {
        Activation x = call.activation(0);
        if (!x.isInOrder() || x.form().rank() != dimensions + 2) {
            throw call.refused("pools over " + dimensions
                    + " dimensions behind the channels, but its input has the sizes " + x.words());
        }
        return x;
    }

    private static Object pooled(Call call, Window window, PoolingType type, boolean countsPadding) {
        Activation x = call.activation(0);
        if (window.kernel().length == 1 && window.isPadded()) {
            throw call.refused("pads a sequence, which DL4J's pooling gets wrong");
        }
        Source<? extends Layer> layer = switch (window.kernel().length) {
            case 1 -> oneDimension(window, type);
            case 2 -> twoDimensions(window, type, countsPadding);
            default -> threeDimensions(call, window, type);
        };
        List<Long> shape = new ArrayList<>(x.shape().subList(0, 2));
        for (int i = 0; i < window.kernel().length; i++) {
            shape.add(window.outputSize(call, i, x.shape().get(i + 2)));
        }
        return Activation.of(call.add(layer, x.vertex(), Map.of()), x.form(), shape);
    }

    private static Source<? extends Layer> oneDimension(Window window, PoolingType type) {
        // its constructor forgets the type
        return Source.of(() -> new Subsampling1DLayer.Builder())
                .with("poolingType", (builder, pooling) -> builder.poolingType(pooling), type)
                .with("kernelSize", Subsampling1DLayer.Builder::kernelSize, window.kernel()[0])
                .with("stride", Subsampling1DLayer.Builder::stride, window.stride()[0])
                .with("padding", Subsampling1DLayer.Builder::padding, window.padding()[0])
                .with("convolutionMode", (builder, mode) -> builder.convolutionMode(mode), ConvolutionMode.Truncate)
                .then("build", Subsampling1DLayer.Builder::build);
    }

    private static Source<? extends Layer> twoDimensions(Window window, PoolingType type, boolean countsPadding) {
        return Source.of(pooling -> new SubsamplingLayer.Builder(pooling), type)
                .with("kernelSize", SubsamplingLayer.Builder::kernelSize, window.kernel())
                .with("stride", SubsamplingLayer.Builder::stride, window.stride())
                .with("padding", SubsamplingLayer.Builder::padding, window.padding())
                .with("convolutionMode", (builder, mode) -> builder.convolutionMode(mode), ConvolutionMode.Truncate)
                .with(
                        "avgPoolIncludePadInDivisor",
                        (builder, counts) -> builder.avgPoolIncludePadInDivisor(counts),
                        countsPadding)
                .then("build", SubsamplingLayer.Builder::build);
    }

    private static Source<? extends Layer> threeDimensions(Call call, Window window, PoolingType type) {
        if (type == PoolingType.AVG && window.isPadded()) {
            throw call.refused("averages over padding, which DL4J does not in three dimensions");
        }
        return Source.of(pooling -> new Subsampling3DLayer.Builder(pooling), type)
                .with("kernelSize", Subsampling3DLayer.Builder::kernelSize, window.kernel())
                .with("stride", Subsampling3DLayer.Builder::stride, window.stride())
                .with("padding", Subsampling3DLayer.Builder::padding, window.padding())
                .with("convolutionMode", (builder, mode) -> builder.convolutionMode(mode), ConvolutionMode.Truncate)
                .with("dataFormat", Subsampling3DLayer.Builder::dataFormat, Convolution3D.DataFormat.NCDHW)
                .then("build", Subsampling3DLayer.Builder::build);
    }

    /** Translates pooling to one number, to the present size, or to a divisor of it. */
    private static Object adaptive(Call call, int dimensions, PoolingType type) {
        Activation x = spread(call, dimensions);
        int[] sizes = call.counts(1, dimensions, 1);
        if (Arrays.stream(sizes).allMatch(size -> size == 1)) {
            return global(call, x, type, true);
        }
        int[] kernel = new int[dimensions];
        for (int i = 0; i < dimensions; i++) {
            long size = x.shape().get(i + 2);
            if (sizes[i] == 0 || size < 0 || size % sizes[i] != 0) {
                throw call.refused("pools " + size + " to " + sizes[i]
                        + ", by windows of several sizes; DL4J has windows of one size");
            }
            kernel[i] = Math.toIntExact(size / sizes[i]);
        }
        if (Arrays.stream(kernel).allMatch(size -> size == 1)) {
            return x;
        }
        int[] ones = IntStream.generate(() -> 1).limit(dimensions).toArray();
        return pooled(call, new Window(kernel, kernel, new int[dimensions], ones, false), type, false);
    }

    /** Translates a reduction over exactly the dimensions after the channels. */
    private static Object reduced(Call call, PoolingType type) {
        Activation x = call.activation(0);
        List<?> given = call.any(1) instanceof List<?> list ? list : Arrays.asList(call.any(1));
        List<Integer> dimensions = new ArrayList<>();
        for (Object dimension : given) {
            dimensions.add(x.axes().get(call.dimension(dimension, x.rank())));
        }
        List<Integer> behindChannels =
                IntStream.range(2, x.form().rank()).boxed().toList();
        if (x.form().rank() < 3 || !dimensions.stream().sorted().toList().equals(behindChannels)) {
            throw call.refused("reduces the dimensions " + given + " of " + x.words()
                    + "; DL4J does all behind the channels at once, or none");
        }
        return global(call, x, type, call.flag(2, false));
    }

    private static Activation global(Call call, Activation x, PoolingType type, boolean keep) {
        Source<GlobalPoolingLayer> layer = Source.of(pooling -> new GlobalPoolingLayer.Builder(pooling), type)
                .then("build", GlobalPoolingLayer.Builder::build);
        return x.reduced(call.add(layer, x.vertex(), Map.of()), keep);
    }
}
