/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The smallest network with a given output layer: one linear map, which is the layer's own or, for a layer without
 * parameters, that of an identity layer below. On torch's side the same map gives {@code z} of shape (N, C, ..).
 */
enum LayerKind {
    OUTPUT_LAYER("OutputLayer", LinearMap.ROWS),
    FUSED_OUTPUT_LAYER("FusedOutputLayer", LinearMap.ROWS),
    LOSS_LAYER("LossLayer", LinearMap.ROWS),
    CENTER_LOSS_OUTPUT_LAYER("CenterLossOutputLayer", LinearMap.ROWS),
    RNN_OUTPUT_LAYER("RnnOutputLayer NCW", LinearMap.TIME_STEPS),
    RNN_OUTPUT_LAYER_NWC("RnnOutputLayer NWC", LinearMap.TIME_STEPS),
    FUSED_RNN_OUTPUT_LAYER("FusedRnnOutputLayer NCW", LinearMap.TIME_STEPS),
    FUSED_RNN_OUTPUT_LAYER_NWC("FusedRnnOutputLayer NWC", LinearMap.TIME_STEPS),
    RNN_LOSS_LAYER("RnnLossLayer NCW", LinearMap.CONVOLUTION_1D),
    RNN_LOSS_LAYER_NWC("RnnLossLayer NWC", LinearMap.TIME_STEPS),
    CNN_LOSS_LAYER("CnnLossLayer NCHW", LinearMap.CONVOLUTION_2D),
    CNN_LOSS_LAYER_NHWC("CnnLossLayer NHWC", LinearMap.CONVOLUTION_2D),
    CNN_3D_LOSS_LAYER("Cnn3DLossLayer NCDHW", LinearMap.CONVOLUTION_3D),
    CNN_3D_LOSS_LAYER_NDHWC("Cnn3DLossLayer NDHWC", LinearMap.CONVOLUTION_3D);

    /** The numbers of a label; most losses have as many outputs. */
    static final int CLASSES = 3;

    static final int INPUTS = 4;

    /** Half the weight that CenterLossOutputLayer gives to the distance of features from the centers of their classes. */
    static final double CENTER_WEIGHT = 1.0 / 8;

    /** Examples of a chunk of a fused layer: fewer than a batch has, and no divisor of it. */
    static final long CHUNK = 3;

    /** The name of the layer, and its data format where it has several. */
    final String title;

    final LinearMap map;

    LayerKind(String title, LinearMap map) {
        this.title = title;
        this.map = map;
    }

    /**
     * Time steps; depth, height and width. Where they differ in number from the classes, an array that is read in the
     * wrong order does not fit.
     */
    private List<Long> positions() {
        return switch (this) {
            case OUTPUT_LAYER, FUSED_OUTPUT_LAYER, LOSS_LAYER, CENTER_LOSS_OUTPUT_LAYER -> List.of();
            case RNN_OUTPUT_LAYER, FUSED_RNN_OUTPUT_LAYER, RNN_LOSS_LAYER -> List.of(3L);
            case RNN_OUTPUT_LAYER_NWC, FUSED_RNN_OUTPUT_LAYER_NWC, RNN_LOSS_LAYER_NWC -> List.of(2L);
            case CNN_LOSS_LAYER, CNN_LOSS_LAYER_NHWC -> List.of(2L, 3L);
            case CNN_3D_LOSS_LAYER, CNN_3D_LOSS_LAYER_NDHWC -> List.of(2L, 3L, 2L);
        };
    }

    /** S: time steps or pixels. */
    long positionsPerExample() {
        return positions().stream().reduce(1L, Math::multiplyExact);
    }

    /** S, if an array with the classes last is read as if they came second and the first position last but one. */
    long misreadPositions(long outputs) {
        return positionsPerExample() / positions().get(0) * outputs;
    }

    boolean hasPositions() {
        return !positions().isEmpty();
    }

    boolean hasParameters() {
        return isFused()
                || this == OUTPUT_LAYER
                || this == CENTER_LOSS_OUTPUT_LAYER
                || this == RNN_OUTPUT_LAYER
                || this == RNN_OUTPUT_LAYER_NWC;
    }

    /** A layer of this library, which takes this library's losses only. */
    boolean isFused() {
        return this == FUSED_OUTPUT_LAYER || this == FUSED_RNN_OUTPUT_LAYER || this == FUSED_RNN_OUTPUT_LAYER_NWC;
    }

    /** Two dimensions, or three. */
    boolean isImage() {
        return positions().size() > 1;
    }

    boolean isVolume() {
        return positions().size() > 2;
    }

    /** Whether DL4J has the classes in the last dimension, where torch has them in the second. */
    boolean isChannelsLast() {
        return title.endsWith("C");
    }

    /** An array of shape (N, channels, ..) as DL4J wants it. */
    INDArray laidOut(INDArray array) {
        if (!isChannelsLast()) {
            return array;
        }
        int[] order = IntStream.range(0, array.rank())
                .map(i -> i == 0 ? 0 : 1 + i % (array.rank() - 1))
                .toArray();
        return array.permute(order).dup('c');
    }

    long[] featureShape(long examples) {
        long[] shape = shape(examples, INPUTS);
        for (int i = 0; i < map.kernel().size(); i++) {
            shape[i + 2] += map.kernel().get(i) - 1;
        }
        return shape;
    }

    /** (N, channels, ..): outputs, or class indices as DL4J has them with one channel. */
    long[] shape(long examples, long channels) {
        return LongStream.concat(LongStream.of(examples, channels), longs(positions()))
                .toArray();
    }

    /** (N, ..): class indices as torch has them. */
    long[] rowShape(long examples) {
        return LongStream.concat(LongStream.of(examples), longs(positions())).toArray();
    }

    private static LongStream longs(List<Long> numbers) {
        return numbers.stream().mapToLong(number -> number);
    }

    long[] weightShape(long outputs) {
        return map.weightShape(outputs, INPUTS);
    }

    /** The inputs that a single output is a sum over. */
    int fanIn() {
        return map.kernel().stream().reduce(INPUTS, Math::multiplyExact);
    }

    /** How the features become the pre-output {@code z}, the same in both frameworks. */
    enum LinearMap {
        ROWS("z = torch.add(torch.matmul(features, weights), bias)"),
        TIME_STEPS("z = torch.movedim(torch.add(torch.matmul(torch.movedim(features, 1, 2), weights), bias), 2, 1)"),
        /** Framework bug: Convolution1DLayer reads its [C, I, 1, 1] weights as if they lay in memory as [1, I, C]. */
        CONVOLUTION_1D("w2 = torch.reshape(weights, [4, -1])\n"
                + "z = torch.movedim(torch.add(torch.matmul(torch.movedim(features, 1, 2), w2), bias), 2, 1)"),
        CONVOLUTION_2D("z = torch.conv2d(features, weights, bias)"),
        CONVOLUTION_3D("z = torch.conv3d(features, weights, bias)");

        /** The statements that make {@code z} from {@code features}, {@code weights} and {@code bias} in torch. */
        final String torch;

        LinearMap(String torch) {
            this.torch = torch;
        }

        /** Empty where a position is mapped by itself. */
        List<Integer> kernel() {
            return switch (this) {
                case ROWS, TIME_STEPS, CONVOLUTION_1D -> List.of();
                case CONVOLUTION_2D -> List.of(2, 2);
                case CONVOLUTION_3D -> List.of(1, 2, 1);
            };
        }

        long[] weightShape(long outputs, long inputs) {
            return switch (this) {
                case ROWS, TIME_STEPS -> new long[] {inputs, outputs};
                case CONVOLUTION_1D -> new long[] {outputs, inputs, 1, 1};
                case CONVOLUTION_2D, CONVOLUTION_3D ->
                    LongStream.concat(
                                    LongStream.of(outputs, inputs),
                                    kernel().stream().mapToLong(size -> size))
                            .toArray();
            };
        }
    }
}
