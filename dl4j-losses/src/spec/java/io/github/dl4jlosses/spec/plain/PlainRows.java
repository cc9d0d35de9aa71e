/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.plain;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rows along the class dimension of a shape: dimension 1, or 0 where there is no other. */
public final class PlainRows {
    private final long[] shape;
    private final int classes;
    private final int inner;
    private final int rows;

    /** @param shape (C), (N, C) or (N, C, d1..dk) */
    public PlainRows(long... shape) {
        this.shape = shape.clone();
        this.classes = (int) (shape.length == 0 ? 1 : shape[shape.length == 1 ? 0 : 1]);
        int positions = 1;
        for (int d = 2; d < shape.length; d++) {
            positions *= (int) shape[d];
        }
        this.inner = positions;
        this.rows = (int) (shape.length < 2 ? 1 : shape[0]) * positions;
    }

    /** The numbers of an array of this shape, or of one that is broadcast to it. */
    public double[][] of(INDArray array) {
        double[] flat = flat(array);
        double[][] result = new double[rows][classes];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < classes; c++) {
                result[r][c] = flat[spreadFrom(place(r, c), array.shape())];
            }
        }
        return result;
    }

    /** Numbers of rows in row-major order, for a smaller shape the sums over what its elements are broadcast to. */
    public double[] summed(double[][] numbers, long... smaller) {
        int length = 1;
        for (long size : smaller) {
            length *= (int) size;
        }
        double[] sums = new double[length];
        for (int r = 0; r < numbers.length; r++) {
            for (int c = 0; c < numbers[r].length; c++) {
                sums[spreadFrom(place(r, c), smaller)] += numbers[r][c];
            }
        }
        return sums;
    }

    /** Where the element of a smaller shape is that torch broadcasts to a place of this one. */
    private int spreadFrom(int place, long... smaller) {
        int from = 0;
        int step = 1;
        int rest = place;
        for (int d = 1; d <= smaller.length; d++) {
            int size = (int) shape[shape.length - d];
            int own = (int) smaller[smaller.length - d];
            from += own == 1 ? 0 : rest % size * step;
            rest /= size;
            step *= own;
        }
        return from;
    }

    /** The numbers of any array in row-major order. */
    public static double[] flat(INDArray array) {
        return array.isEmpty()
                ? new double[0]
                : array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    /** One-hot rows in row-major order; rows of zeros where the index is no class. */
    public double[] oneHot(long[] indices) {
        double[] flat = new double[rows * classes];
        for (int r = 0; r < rows; r++) {
            if (indices[r] >= 0 && indices[r] < classes) {
                flat[place(r, (int) indices[r])] = 1;
            }
        }
        return flat;
    }

    private int place(int row, int column) {
        return (row / inner * classes + column) * inner + row % inner;
    }

    /** The shape of the class indices. */
    public long[] indexShape() {
        long[] rest = new long[shape.length < 2 ? 0 : shape.length - 1];
        for (int d = 0; d < rest.length; d++) {
            rest[d] = shape[d == 0 ? 0 : d + 1];
        }
        return rest;
    }
}
