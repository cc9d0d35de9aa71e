/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.shape;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Checks of a caller's arguments, before anything is computed. */
public final class Arguments {
    private Arguments() {}

    /** Refuses null, naming the argument. */
    public static void requireNonNull(Object argument, String name) {
        if (argument == null) {
            throw new IllegalArgumentException(name + " must not be null");
        }
    }

    /** A copy of an option's numbers. */
    public static double[] requireNumbers(double[] numbers, String name) {
        requireNonNull(numbers, name);
        if (numbers.length == 0) {
            throw new IllegalArgumentException(name + " must not be empty; leave it unset for none");
        }
        return numbers.clone();
    }

    /** Refuses a pre-output that is not rows of outputs. */
    public static void requireRows(INDArray preOutput) {
        if (preOutput.rank() != 2) {
            throw new IllegalArgumentException(
                    "preOutput must have rank 2, [rows, outputs], as DL4J's output layers have it," + " got shape "
                            + TorchNames.size(preOutput) + "; for torch's shapes call value and gradient");
        }
        if (!preOutput.dataType().isFPType()) {
            throw new IllegalArgumentException("preOutput must have a floating dtype, got " + preOutput.dataType());
        }
    }

    /** Refuses labels of single outputs that do not have the output layer's shape. */
    public static void requireLabelsLikeOutput(INDArray labels, INDArray output) {
        if (!Arrays.equals(labels.shape(), output.shape())) {
            throw new IllegalArgumentException("labels have shape " + TorchNames.size(labels)
                    + ", but must have the output layer's, " + TorchNames.size(output));
        }
    }

    /** Refuses labels of classes that have neither the output's shape nor one index for each row. */
    public static void requireLabelsOfRows(INDArray labels, INDArray output) {
        boolean oneIndexPerRow = labels.length() == output.size(0)
                && (labels.rank() == 1 || (labels.rank() == 2 && labels.size(1) == 1));
        if (!oneIndexPerRow && !Arrays.equals(labels.shape(), output.shape())) {
            throw new IllegalArgumentException("labels have shape " + TorchNames.size(labels)
                    + ", but the output layer has " + TorchNames.size(output)
                    + ": give labels of that shape, or class indices of shape [" + output.size(0) + ", 1]");
        }
    }
}
