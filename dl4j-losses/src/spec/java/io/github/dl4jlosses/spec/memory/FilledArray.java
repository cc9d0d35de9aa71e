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
        long length = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return of(DoubleStream.generate(next).limit(length).toArray(), type, shape);
    }

    /** The numbers in row-major order. */
    public static INDArray of(double[] numbers, DataType type, long... shape) {
        return Nd4j.createFromArray(numbers).reshape(shape).castTo(type);
    }
}
