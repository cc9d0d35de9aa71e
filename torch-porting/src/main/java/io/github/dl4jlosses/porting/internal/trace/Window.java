/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.ConvolutionMode;

/** The window of a convolution or pooling that slides over a picture, a sequence or a volume. */
final class Window {

    private final int[] kernel;
    private final int[] stride;
    private final int[] padding;
    private final int[] dilation;
    /** Whether padding keeps sizes with one more at the end than at the beginning. */
    private final boolean unevenSame;

    Window(int[] kernel, int[] stride, int[] padding, int[] dilation, boolean unevenSame) {
        this.kernel = kernel;
        this.stride = stride;
        this.padding = padding;
        this.dilation = dilation;
        this.unevenSame = unevenSame;
    }

    int[] kernel() {
        return kernel;
    }

    int[] stride() {
        return stride;
    }

    int[] padding() {
        return padding;
    }

    int[] dilation() {
        return dilation;
    }

    ConvolutionMode mode() {
        return unevenSame ? ConvolutionMode.Same : ConvolutionMode.Truncate;
    }

    boolean isPadded() {
        return Arrays.stream(padding).anyMatch(p -> p != 0);
    }

    /** The number of positions along a dimension; torch, like DL4J's Truncate, leaves out a last incomplete one. */
    long outputSize(Call call, int dimension, long size) {
        if (size == Activation.UNKNOWN || unevenSame) {
            return size;
        }
        if (kernel[dimension] < 1 || stride[dimension] < 1 || dilation[dimension] < 1) {
            throw call.refused("has a kernel, stride or dilation below 1");
        }
        long covered = dilation[dimension] * (kernel[dimension] - 1L) + 1;
        long free = size + 2L * padding[dimension] - covered;
        if (free < 0) {
            throw call.refused("has a kernel that covers " + covered + " of a dimension of " + size);
        }
        return free / stride[dimension] + 1;
    }

    /** Whether torch's ceil_mode would change the size. */
    boolean leavesARest(int dimension, long size) {
        return size == Activation.UNKNOWN
                || (size + 2L * padding[dimension] - kernel[dimension]) % stride[dimension] != 0;
    }
}
