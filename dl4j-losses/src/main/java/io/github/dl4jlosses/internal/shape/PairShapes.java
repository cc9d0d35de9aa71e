/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.shape;

import io.github.dl4jlosses.internal.memory.Broadcast;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Checks of a loss that takes two outputs for each number of its target: one from the first half of the input along its
 * class dimension, one from the second. Torch takes the halves as two arrays.
 */
public final class PairShapes {
    private PairShapes() {}

    /**
     * Refuses an odd number of outputs.
     *
     * @param name the name of the input in the message
     * @param pair the two outputs in words
     */
    public static void requirePairs(INDArray input, String name, String pair) {
        int rank = input.rank();
        long outputs = rank == 0 ? 1 : input.size(rank == 1 ? 0 : 1);
        if (outputs % 2 != 0) {
            throw new IllegalArgumentException("the " + name + " of shape " + TorchNames.size(input)
                    + " must have an even number of outputs, " + pair + " for each number of the target, got " + outputs
                    + (rank == 2 ? "" : "; its shape must be (2C), (N, 2C) or (N, 2C, d1..dk)"));
        }
    }

    /** Refuses targets of any shape but a half's; torch broadcasts them without a warning if it can. */
    public static void requireSizeOfHalf(INDArray input, INDArray target) {
        long[] half = halfOf(input);
        if (!Arrays.equals(half, target.shape())) {
            Broadcast.shape(half, "half of the input", target.shape(), "target");
            throw TargetShapes.broadcasting(half, target);
        }
    }

    /** Refuses labels that do not have half as many columns as the output layer. */
    public static void requireLabelsOfHalf(INDArray labels, INDArray output) {
        long[] half = halfOf(output);
        if (!Arrays.equals(labels.shape(), half)) {
            throw new IllegalArgumentException("labels have shape " + TorchNames.size(labels) + ", but must have "
                    + Arrays.toString(half) + ", half of the output layer's " + TorchNames.size(output));
        }
    }

    /** The shape of a half of an input along its class dimension. */
    public static long[] halfOf(INDArray input) {
        long[] half = input.shape().clone();
        half[half.length == 1 ? 0 : 1] /= 2;
        return half;
    }
}
