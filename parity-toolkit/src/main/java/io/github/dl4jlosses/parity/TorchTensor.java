/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An immutable tensor: torch's type, a shape, and the values in row-major order.
 *
 * <p>A shape without dimensions is a single number; a dimension may be 0, and the tensor then has no values.
 *
 * @since 0.1.0
 */
public final class TorchTensor {

    private final TorchType type;
    private final long[] shape;
    /** Exactly one of the two arrays is not null: doubles for floating-point types, longs for the others. */
    private final double[] doubles;

    private final long[] longs;

    private TorchTensor(TorchType type, double[] doubles, long[] longs, long... shape) {
        int values = doubles != null ? doubles.length : longs.length;
        if (Arrays.stream(shape).anyMatch(size -> size < 0) || size(shape) != values) {
            throw new IllegalArgumentException(
                    "Shape " + Arrays.toString(shape) + " does not fit " + values + " values");
        }
        this.type = type;
        this.shape = shape.clone();
        this.doubles = doubles;
        this.longs = longs;
    }

    /**
     * Copies an array of ND4J.
     *
     * @param array an array of any order and strides, of type DOUBLE, FLOAT, HALF, BFLOAT16, LONG, INT, SHORT, BYTE, UBYTE
     *     or BOOL
     * @return a tensor of the array's shape and the corresponding type; an {@code empty()} array, which has no shape, has
     *     the shape {@code [0]}
     * @throws IllegalArgumentException if the array has another type
     */
    public static TorchTensor of(INDArray array) {
        TorchType type = typeOf(array.dataType());
        long[] shape = array.isEmpty() && array.rank() == 0 ? new long[] {0} : array.shape();
        if (array.isEmpty()) {
            return type.isFloatingPoint() ? of(type, new double[0], shape) : of(type, new long[0], shape);
        }
        return type.isFloatingPoint()
                ? of(type, array.castTo(DataType.DOUBLE).dup('c').data().asDouble(), shape)
                : of(type, array.castTo(DataType.INT64).dup('c').data().asLong(), shape);
    }

    /**
     * Makes a tensor of the given values.
     *
     * @param type the type; a floating-point type rounds each value to its nearest, via float32 as torch does
     * @param values the values in row-major order
     * @param shape the sizes of the dimensions; none for a single number
     * @return the tensor
     * @throws IllegalArgumentException if the shape does not fit the number of values, or an integer or boolean type
     *     cannot hold a value exactly
     */
    public static TorchTensor of(TorchType type, double[] values, long... shape) {
        if (type.isFloatingPoint()) {
            return new TorchTensor(
                    type, DoubleStream.of(values).map(type::round).toArray(), null, shape);
        }
        long[] integers = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            integers[i] = (long) values[i];
            if (integers[i] != values[i]) {
                throw new IllegalArgumentException(type + " cannot hold " + values[i] + ", value " + i);
            }
        }
        return of(type, integers, shape);
    }

    /**
     * Makes a tensor of the given whole numbers.
     *
     * @param type the type; a floating-point type rounds each value to its nearest, via float32 as torch does
     * @param values the values in row-major order
     * @param shape the sizes of the dimensions; none for a single number
     * @return the tensor
     * @throws IllegalArgumentException if the shape does not fit the number of values, or an integer or boolean type
     *     cannot hold a value
     */
    public static TorchTensor of(TorchType type, long[] values, long... shape) {
        if (type.isFloatingPoint()) {
            return of(type, LongStream.of(values).asDoubleStream().toArray(), shape);
        }
        for (int i = 0; i < values.length; i++) {
            if (!type.holds(values[i])) {
                throw new IllegalArgumentException(type + " cannot hold " + values[i] + ", value " + i);
            }
        }
        return new TorchTensor(type, null, values.clone(), shape);
    }

    /**
     * Makes a tensor without dimensions.
     *
     * @param type the type
     * @param value the number
     * @return the tensor
     * @throws IllegalArgumentException if an integer or boolean type does not hold the value exactly
     */
    public static TorchTensor scalar(TorchType type, double value) {
        return of(type, new double[] {value});
    }

    /**
     * Returns the type of the values.
     *
     * @return the type
     */
    public TorchType type() {
        return type;
    }

    /**
     * Returns the sizes of the dimensions.
     *
     * @return a copy; empty for a single number
     */
    public long[] shape() {
        return shape.clone();
    }

    /**
     * Returns the values as doubles, exact except for integers beyond 2<sup>53</sup>.
     *
     * @return a copy in row-major order
     */
    public double[] toDoubles() {
        return doubles != null
                ? doubles.clone()
                : LongStream.of(longs).asDoubleStream().toArray();
    }

    /**
     * Returns the values as longs.
     *
     * @return a copy in row-major order
     * @throws IllegalStateException if the type is a floating-point one
     */
    public long[] toLongs() {
        if (longs == null) {
            throw new IllegalStateException("The values are " + type + ", no integers");
        }
        return longs.clone();
    }

    /**
     * Returns the only value; torch's {@code item()}.
     *
     * @return the value
     * @throws IllegalStateException if there is not exactly one
     */
    public double item() {
        if (size(shape) != 1) {
            throw new IllegalStateException("A tensor of shape " + Arrays.toString(shape) + " is not one value");
        }
        return doubles != null ? doubles[0] : longs[0];
    }

    /**
     * Copies the values into an array of ND4J.
     *
     * @return a row-major array of the same shape and the corresponding type
     */
    public INDArray toArray() {
        DataType dataType = dataTypeOf(type);
        if (size(shape) == 0) {
            return Nd4j.create(dataType, shape);
        }
        INDArray flat = doubles != null ? Nd4j.createFromArray(doubles) : Nd4j.createFromArray(longs);
        return flat.castTo(dataType).reshape('c', shape);
    }

    /**
     * Converts the values; torch's {@code to}.
     *
     * @param target the type to convert to
     * @return a tensor of the same shape: floating-point types round to the nearest value, integers drop the fraction and
     *     then keep the low bits, {@link TorchType#BOOL} is 1 for all but 0
     */
    public TorchTensor to(TorchType target) {
        if (target == type) {
            return this;
        }
        if (target.isFloatingPoint()) {
            return of(target, toDoubles(), shape);
        }
        return new TorchTensor(target, null, wrapped(target), shape);
    }

    private long[] wrapped(TorchType target) {
        if (longs != null) {
            return LongStream.of(longs).map(target::wrap).toArray();
        }
        return target == TorchType.BOOL
                ? DoubleStream.of(doubles)
                        .mapToLong(value -> value == 0 ? 0 : 1)
                        .toArray()
                : DoubleStream.of(doubles)
                        .mapToLong(value -> target.wrap((long) value))
                        .toArray();
    }

    /**
     * Compares type, shape and values; a NaN equals a NaN, and 0.0 does not equal -0.0.
     *
     * @param other anything
     * @return whether the other is a tensor with the same type, shape and values
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof TorchTensor that
                && type == that.type
                && Arrays.equals(shape, that.shape)
                && Arrays.equals(doubles, that.doubles)
                && Arrays.equals(longs, that.longs);
    }

    /**
     * Returns a hash of type, shape and values.
     *
     * @return the hash
     */
    @Override
    public int hashCode() {
        return 31 * (31 * type.hashCode() + Arrays.hashCode(shape)) + Arrays.hashCode(doubles) + Arrays.hashCode(longs);
    }

    /**
     * Describes the tensor with its first values.
     *
     * @return one line, such as {@code FLOAT32[2] [1.0, 2.5]}
     */
    @Override
    public String toString() {
        int shown = Math.min((int) size(shape), 16);
        String values = doubles != null
                ? Arrays.toString(Arrays.copyOf(doubles, shown))
                : Arrays.toString(Arrays.copyOf(longs, shown));
        String rest = size(shape) > shown ? " and " + (size(shape) - shown) + " more" : "";
        return type + Arrays.toString(shape) + " " + values + rest;
    }

    private static long size(long[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    static TorchType typeOf(DataType dataType) {
        for (TorchType type : TorchType.values()) {
            if (dataTypeOf(type) == dataType) {
                return type;
            }
        }
        throw new IllegalArgumentException("torch has no counterpart of ND4J's " + dataType);
    }

    static DataType dataTypeOf(TorchType type) {
        return switch (type) {
            case FLOAT64 -> DataType.DOUBLE;
            case FLOAT32 -> DataType.FLOAT;
            case FLOAT16 -> DataType.FLOAT16;
            case BFLOAT16 -> DataType.BFLOAT16;
            case INT64 -> DataType.INT64;
            case INT32 -> DataType.INT32;
            case INT16 -> DataType.INT16;
            case INT8 -> DataType.INT8;
            case UINT8 -> DataType.UINT8;
            case BOOL -> DataType.BOOL;
        };
    }
}
