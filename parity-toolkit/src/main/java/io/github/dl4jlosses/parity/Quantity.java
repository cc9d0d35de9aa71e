/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A result to be compared with torch's.
 *
 * @param name the call that gave it
 * @param isGradient whether torch's counterpart is the gradient; otherwise it is the value
 * @param numbers in row-major order
 * @param problem what is wrong with its form, or null
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Quantity(String name, boolean isGradient, double[] numbers, String problem) {

    static Quantity value(String name, double value) {
        return new Quantity(name, false, new double[] {value}, null);
    }

    static Quantity value(String name, INDArray value) {
        return new Quantity(name, false, TorchTensor.of(value).toDoubles(), null);
    }

    /** A gradient, which must have the shape and dtype of its input: a network cannot apply any other. */
    static Quantity gradient(String name, INDArray gradient, INDArray input) {
        String problem = null;
        if (!Arrays.equals(gradient.shape(), input.shape())) {
            problem = "the gradient of " + name + " has the shape " + Arrays.toString(gradient.shape()) + ", its input "
                    + Arrays.toString(input.shape());
        } else if (gradient.dataType() != input.dataType()) {
            problem = "the gradient of " + name + " is of type " + gradient.dataType() + ", its input "
                    + input.dataType();
        }
        return new Quantity(name, true, TorchTensor.of(gradient).toDoubles(), problem);
    }

    Quantity dividedBy(double divisor) {
        double[] divided =
                DoubleStream.of(numbers).map(number -> number / divisor).toArray();
        return new Quantity(name, isGradient, divided, problem);
    }

    String kind() {
        return isGradient ? "gradient" : "value";
    }

    int size() {
        return numbers.length;
    }

    /** Torch's counterpart. */
    TorchTensor of(TorchResult torch) {
        return isGradient ? torch.gradient(ParityReference.INPUT) : torch.value();
    }
}
