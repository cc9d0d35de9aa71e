/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.memory;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Torch's broadcasting of two arrays, and the sum that reverses it for a gradient. It is rare, so it makes plain copies
 * in double.
 */
public final class Broadcast {
    private Broadcast() {}

    /** The common shape of two arrays; torch's message names {@code a} first. */
    public static long[] shape(INDArray a, String nameOfA, INDArray b, String nameOfB) {
        return shape(a.shape(), nameOfA, b.shape(), nameOfB);
    }

    /** The common shape of two shapes; torch's message names {@code a} first. */
    public static long[] shape(long[] a, String nameOfA, long[] b, String nameOfB) {
        int rank = Math.max(a.length, b.length);
        long[] shape = new long[rank];
        for (int d = rank - 1; d >= 0; d--) {
            long sizeA = size(d, rank, a);
            long sizeB = size(d, rank, b);
            if (sizeA != sizeB && sizeA != 1 && sizeB != 1) {
                throw new IllegalArgumentException("The size of tensor a (" + sizeA
                        + ") must match the size of tensor b (" + sizeB + ") at non-singleton dimension " + d + " ("
                        + nameOfA + " has shape " + Arrays.toString(a) + ", " + nameOfB + " " + Arrays.toString(b)
                        + ")");
            }
            shape[d] = sizeA == 1 ? sizeB : sizeA;
        }
        return shape;
    }

    private static long size(int dimension, int rank, long... shape) {
        int own = dimension - (rank - shape.length);
        return own < 0 ? 1 : shape[own];
    }

    /** A copy of the array in a larger shape, in double. */
    public static INDArray to(long[] shape, INDArray array) {
        INDArray copy = Rows.newArray(DataType.DOUBLE, shape);
        if (copy.isEmpty()) {
            return copy;
        }
        copy(array, shape, Rows.ofSingles(array), Rows.ofSingles(copy));
        return copy;
    }

    private static void copy(INDArray small, long[] shape, Rows from, Rows to) {
        double[] value = new double[1];
        for (long i = 0; i < to.count(); i++) {
            from.read(source(i, shape, small), 1, value);
            to.write(i, 1, value);
        }
        to.written();
    }

    /** The place, in row-major order, of the element that is copied to place {@code i} of the larger shape. */
    private static long source(long i, long[] shape, INDArray small) {
        long place = 0;
        long step = 1;
        long rest = i;
        for (int d = shape.length - 1; d >= shape.length - small.rank(); d--) {
            long size = small.size(d - (shape.length - small.rank()));
            place += size == 1 ? 0 : rest % shape[d] * step;
            step *= size;
            rest /= shape[d];
        }
        return place;
    }

    /**
     * The gradient of a broadcast argument: the sum over all copies of each element, in the argument's shape and dtype.
     *
     * @param gradient in the common shape
     * @param argument the array that was broadcast
     * @return the gradient itself if the shapes agree
     */
    public static INDArray sumBack(INDArray gradient, INDArray argument) {
        if (Arrays.equals(gradient.shape(), argument.shape()) && gradient.dataType() == argument.dataType()) {
            return gradient;
        }
        INDArray result = Rows.newArray(argument.dataType(), argument.shape());
        double[] sums = new double[Math.toIntExact(argument.length())];
        Rows from = Rows.ofSingles(gradient);
        double[] value = new double[1];
        for (long i = 0; i < from.count(); i++) {
            from.read(i, 1, value);
            sums[(int) source(i, gradient.shape(), argument)] += value[0];
        }
        if (!result.isEmpty()) {
            Rows to = Rows.ofSingles(result);
            to.write(0, sums.length, sums);
            to.written();
        }
        return result;
    }
}
