/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.shape;

import io.github.dl4jlosses.internal.memory.Broadcast;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Checks of weights that torch broadcasts to the input's shape from the last dimension. */
public final class WeightShapes {
    private WeightShapes() {}

    /** Refuses a shape that does not fit the number of weights. */
    public static void requireNumbers(String name, double[] numbers, long... shape) {
        long product = 1;
        for (long size : shape) {
            product *= Math.max(0, size);
        }
        if (numbers == null || product != numbers.length) {
            throw new IllegalArgumentException(name + "Shape is " + Arrays.toString(shape) + ", but " + name + " has "
                    + (numbers == null ? 0 : numbers.length) + " numbers");
        }
    }

    /**
     * Refuses a shape that cannot be broadcast to the input's.
     *
     * @param isFirst whether torch names the weight first
     */
    public static void requireBroadcast(String name, long[] shape, INDArray input, boolean isFirst) {
        long[] own = input.shape();
        long[] common = isFirst
                ? Broadcast.shape(shape, name, own, "the input")
                : Broadcast.shape(own, "the input", shape, name);
        if (!Arrays.equals(common, own)) {
            throw new IllegalArgumentException("output with shape " + Arrays.toString(own)
                    + " doesn't match the broadcast shape " + Arrays.toString(common) + " (" + name + " has shape "
                    + Arrays.toString(shape) + ")");
        }
    }

    /** Whether the numbers differ only along the outputs, like weights without a shape. */
    public static boolean isPerOutput(long... shape) {
        for (int d = 0; d < shape.length; d++) {
            if (d != 1 && shape[d] != 1) {
                return false;
            }
        }
        return true;
    }

    /** Why a network cannot use such a weight; null if it can. */
    public static String reasonAgainstNetwork(String name, long... shape) {
        return shape == null || isPerOutput(shape)
                ? null
                : name + " of shape " + Arrays.toString(shape) + " cannot be used in a network: it may tell examples or"
                        + " positions apart, and a network hands over rows of outputs of any batch; give one number per"
                        + " output, " + name + "(double...) or an array of shape [1, outputs], or call value"
                        + " and gradient";
    }
}
