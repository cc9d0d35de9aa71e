/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.SpreadNumbers;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.Arguments;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.shape.WeightShapes;
import java.io.Serializable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A weight of a binary cross entropy: none, one number per output, one for all, or an array that is broadcast to the
 * input.
 */
final class OutputWeight implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Times times;
    /** In row-major order; null: none. */
    private final double[] numbers;
    /** The shape of a broadcast weight; null for one number per output or one for all. */
    private final long[] shape;

    /** The losses that a weight multiplies. */
    enum Times {
        LOSSES("weight"),
        /** Torch names this weight before the input in its messages. */
        POSITIVE_TARGETS("posWeight");

        private final String option;

        Times(String option) {
            this.option = option;
        }
    }

    private OutputWeight(Times times, double[] numbers, long... shape) {
        this.times = times;
        this.numbers = numbers;
        this.shape = shape;
    }

    static OutputWeight none(Times times) {
        return new OutputWeight(times, null, (long[]) null);
    }

    OutputWeight of(double... given) {
        return new OutputWeight(times, Arguments.requireNumbers(given, times.option), (long[]) null);
    }

    OutputWeight of(INDArray given) {
        Arguments.requireNonNull(given, times.option);
        double[] read = new double[given.isEmpty() ? 0 : Math.toIntExact(given.length())];
        if (read.length > 0) {
            Rows.ofSingles(given).read(0, read.length, read);
        }
        long[] own = given.rank() < 2 ? null : given.shape().clone();
        return new OutputWeight(times, Arguments.requireNumbers(read, times.option), own);
    }

    /** The same numbers with this shape. JSON has numbers and shape as two properties, in either order. */
    OutputWeight withShape(long... given) {
        long[] own = given.length < 2 ? null : given.clone();
        return new OutputWeight(times, numbers, own);
    }

    OutputWeight withNumbers(double... given) {
        return new OutputWeight(times, Arguments.requireNumbers(given, times.option), shape);
    }

    void validate() {
        if (shape != null) {
            WeightShapes.requireNumbers(times.option, numbers, shape);
        }
    }

    boolean hasShape() {
        return shape != null;
    }

    /** The numbers themselves, for the loss's own use. */
    double[] numbers() {
        return numbers;
    }

    double[] copyOfNumbers() {
        return numbers == null ? null : numbers.clone();
    }

    long[] copyOfShape() {
        return shape == null ? null : shape.clone();
    }

    /** Spread over an input; null: none. */
    SpreadNumbers over(INDArray input) {
        if (numbers == null) {
            return null;
        }
        return shape == null
                ? SpreadNumbers.perOutput(numbers, input.shape())
                : SpreadNumbers.of(numbers, shape, input.shape());
    }

    /** Checks it against the input of a direct call. */
    void requireFits(INDArray input) {
        if (shape == null) {
            requirePerOutput(input);
        } else {
            WeightShapes.requireBroadcast(times.option, shape, input, times == Times.POSITIVE_TARGETS);
        }
    }

    /** Checks it against the pre-output of a network. */
    void requireFitsNetwork(INDArray input) {
        String reason = WeightShapes.reasonAgainstNetwork(times.option, shape);
        if (reason != null) {
            throw new IllegalArgumentException(reason);
        }
        requirePerOutput(input);
    }

    private void requirePerOutput(INDArray input) {
        if (times == Times.POSITIVE_TARGETS) {
            TargetShapes.requirePosWeightPerOutput(numbers, input);
        } else {
            TargetShapes.requireWeightPerOutput(numbers, input);
        }
    }
}
