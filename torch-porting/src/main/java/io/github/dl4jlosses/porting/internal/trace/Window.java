/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.ConvolutionMode;

/** What slides over a picture, a sequence or a volume. */
final class Window {

    private final int[] kernel;
    private final int[] stride;
    private final int[] padding;
    private final int[] dilation;
    /** Padded so that sizes stay, one more at the end than at the begin. */
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

    /** How many places there are along a dimension; torch, like DL4J's Truncate, leaves out the last that is not whole. */
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
