/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.shape.TorchNames;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Checks of what a caller hands over, before anything is computed. */
final class Arguments {
    private Arguments() {}

    static void requireNonNull(Object argument, String name) {
        if (argument == null) {
            throw new IllegalArgumentException(name + " must not be null");
        }
    }

    /** A copy of an option's numbers. */
    static double[] requireNumbers(double[] numbers, String name) {
        requireNonNull(numbers, name);
        if (numbers.length == 0) {
            throw new IllegalArgumentException(name + " must not be empty; leave it unset for none");
        }
        return numbers.clone();
    }

    static void requireSameShape(INDArray labels, INDArray input) {
        if (!Arrays.equals(labels.shape(), input.shape())) {
            throw new IllegalArgumentException("labels have shape " + TorchNames.size(labels)
                    + ", but must have the output layer's, " + TorchNames.size(input));
        }
    }
}
