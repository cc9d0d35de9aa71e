/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.SpreadNumbers;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.Arguments;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.shape.WeightShapes;
import java.io.Serializable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A weight of a binary cross entropy: none, one number per output, one for all, or numbers of a shape that is broadcast. */
final class OutputWeight implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String name;
    /** In row-major order; null: none. */
    private final double[] numbers;
    /** Null for the usual form, one number per output or one for all. */
    private final long[] shape;

    private OutputWeight(String name, double[] numbers, long... shape) {
        this.name = name;
        this.numbers = numbers;
        this.shape = shape;
    }

    static OutputWeight none(String name) {
        return new OutputWeight(name, null, (long[]) null);
    }

    OutputWeight of(double... given) {
        return new OutputWeight(name, Arguments.requireNumbers(given, name), (long[]) null);
    }

    OutputWeight of(INDArray given) {
        Arguments.requireNonNull(given, name);
        double[] read = new double[given.isEmpty() ? 0 : Math.toIntExact(given.length())];
        if (read.length > 0) {
            Rows.ofSingles(given).read(0, read.length, read);
        }
        long[] own = given.rank() < 2 ? null : given.shape().clone();
        return new OutputWeight(name, Arguments.requireNumbers(read, name), own);
    }

    /** The same numbers in a shape, as a JSON has it apart; numbers and shape may come in either order. */
    OutputWeight withShape(long... given) {
        long[] own = given.length < 2 ? null : given.clone();
        return new OutputWeight(name, numbers, own);
    }

    OutputWeight withNumbers(double... given) {
        return new OutputWeight(name, Arguments.requireNumbers(given, name), shape);
    }

    void validate() {
        if (shape != null) {
            WeightShapes.requireNumbers(name, numbers, shape);
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
            WeightShapes.requireBroadcast(name, shape, input, isTimesTarget());
        }
    }

    /** Checks it against the pre-output of a network. */
    void requireFitsNetwork(INDArray input) {
        String reason = WeightShapes.reasonAgainstNetwork(name, shape);
        if (reason != null) {
            throw new IllegalArgumentException(reason);
        }
        requirePerOutput(input);
    }

    private void requirePerOutput(INDArray input) {
        if (isTimesTarget()) {
            TargetShapes.requirePosWeightPerOutput(numbers, input);
        } else {
            TargetShapes.requireWeightPerOutput(numbers, input);
        }
    }

    /** torch multiplies the weight of positive targets by the target, and names it first; the other by the losses. */
    private boolean isTimesTarget() {
        return "posWeight".equals(name);
    }
}
