/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.memory;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays of given numbers. */
public final class FilledArray {
    private FilledArray() {}

    /** Filled in row-major order. */
    public static INDArray of(DoubleSupplier next, DataType type, long... shape) {
        return of(numbers(next, shape), type, shape);
    }

    /** The numbers in row-major order. */
    public static INDArray of(double[] numbers, DataType type, long... shape) {
        if (numbers.length == 0) {
            return Nd4j.createUninitialized(type, shape);
        }
        return (shape.length == 0
                        ? Nd4j.scalar(numbers[0])
                        : Nd4j.createFromArray(numbers).reshape(shape))
                .castTo(type);
    }

    /** As many numbers as a shape has, drawn one after the other. */
    public static double[] numbers(DoubleSupplier next, long... shape) {
        return DoubleStream.generate(next).limit(size(shape)).toArray();
    }

    public static int size(long... shape) {
        return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }
}
