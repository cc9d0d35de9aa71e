/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import io.github.dl4jlosses.spec.memory.FilledArray;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Given numbers of a shape: floating ones, or class indices. */
public final class Given {
    private final double[] numbers;
    private final long[] indices;
    private final boolean flags;
    private final long[] shape;

    private Given(double[] numbers, long[] indices, long... shape) {
        this(numbers, indices, false, shape);
    }

    private Given(double[] numbers, long[] indices, boolean flags, long... shape) {
        this.numbers = numbers;
        this.indices = indices;
        this.flags = flags;
        this.shape = shape;
    }

    /** A single row; nothing at all has the shape (0). */
    public static Given row(double... numbers) {
        return numbers.length == 0 ? new Given(numbers, null, 0) : new Given(numbers, null, 1, numbers.length);
    }

    /** So many rows; no row has three classes. */
    public static Given rows(int rows, double... numbers) {
        return new Given(numbers, null, rows, rows == 0 ? 3 : numbers.length / rows);
    }

    /** Numbers of any shape. */
    public static Given numbers(double[] numbers, long... shape) {
        return new Given(numbers, null, shape);
    }

    /** The same number everywhere. */
    public static Given filled(double number, long... shape) {
        return new Given(FilledArray.numbers(() -> number, shape), null, shape);
    }

    /** A class for each of so many rows. */
    public static Given indices(long... indices) {
        return new Given(null, indices, indices.length);
    }

    /** Class indices of any shape. */
    public static Given indices(long[] indices, long... shape) {
        return new Given(null, indices, shape);
    }

    /** Class 0 everywhere. */
    public static Given zeros(long... shape) {
        return new Given(null, new long[FilledArray.size(shape)], shape);
    }

    /** Truth values, which are neither numbers nor indices. */
    public static Given flags(long... shape) {
        Given flags = zeros(shape);
        return new Given(null, flags.indices, true, shape);
    }

    /** Whether these are truth values. */
    public boolean areFlags() {
        return flags;
    }

    /** Whether these are class indices. */
    public boolean areIndices() {
        return indices != null;
    }

    /** Null for class indices. */
    public double[] asNumbers() {
        return numbers == null ? null : numbers.clone();
    }

    /** Null for floating numbers. */
    public long[] asIndices() {
        return indices == null ? null : indices.clone();
    }

    /** With this type for floating numbers; indices are INT64. */
    public INDArray toArray(DataType floating) {
        double[] values = areIndices() ? Arrays.stream(indices).asDoubleStream().toArray() : numbers;
        DataType type = flags ? DataType.BOOL : areIndices() ? DataType.INT64 : floating;
        return FilledArray.of(values, type, shape);
    }

    public long[] shape() {
        return shape.clone();
    }

    @Override
    public String toString() {
        return (flags ? "flags" : areIndices() ? "indices" : "numbers") + Arrays.toString(shape);
    }
}
