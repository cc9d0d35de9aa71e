/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** Numbers that are spread over an input as torch broadcasts them. */
public final class SpreadNumbers {
    private final double[] numbers;
    private final int classes;
    private final int classStride;
    /**
     * The sizes of the input's row dimensions, and the strides of the numbers along them: 0 if one number serves all.
     */
    private final long[] extents;

    private final int[] strides;

    private SpreadNumbers(double[] numbers, int classes, int classStride, long[] extents, int... strides) {
        this.numbers = numbers;
        this.classes = classes;
        this.classStride = classStride;
        this.extents = extents;
        this.strides = strides;
    }

    /**
     * Numbers that are spread from the last dimension on.
     *
     * @param numbers in row-major order
     * @param shape their shape, which is broadcast to the input's
     * @param input the input's shape
     */
    public static SpreadNumbers of(double[] numbers, long[] shape, long... input) {
        int rank = input.length;
        int[] all = new int[rank];
        int step = 1;
        for (int d = rank - 1; d >= rank - shape.length; d--) {
            long size = shape[d - (rank - shape.length)];
            all[d] = size == 1 ? 0 : step;
            step *= (int) size;
        }
        int ofClasses = rank == 1 ? 0 : 1;
        return new SpreadNumbers(
                numbers, (int) input[ofClasses], all[ofClasses], without(ofClasses, input), without(ofClasses, all));
    }

    /** One number for each output, or one for all. */
    public static SpreadNumbers perOutput(double[] numbers, long... input) {
        int rank = input.length;
        int ofClasses = rank == 1 ? 0 : 1;
        return new SpreadNumbers(
                numbers, rank == 0 ? 1 : (int) input[ofClasses], numbers.length == 1 ? 0 : 1, new long[0]);
    }

    private static long[] without(int dimension, long... sizes) {
        long[] rest = new long[sizes.length - 1];
        System.arraycopy(sizes, 0, rest, 0, dimension);
        System.arraycopy(sizes, dimension + 1, rest, dimension, rest.length - dimension);
        return rest;
    }

    private static int[] without(int dimension, int... strides) {
        int[] rest = new int[strides.length - 1];
        System.arraycopy(strides, 0, rest, 0, dimension);
        System.arraycopy(strides, dimension + 1, rest, dimension, rest.length - dimension);
        return rest;
    }

    /** The numbers of {@code rows} rows, row after row. */
    double[] read(long first, int rows) {
        double[] read = new double[rows * classes];
        for (int r = 0; r < rows; r++) {
            int at = place(first + r);
            for (int c = 0; c < classes; c++) {
                read[r * classes + c] = numbers[at + c * classStride];
            }
        }
        return read;
    }

    private int place(long row) {
        int place = 0;
        long rest = row;
        for (int d = extents.length - 1; d >= 0; d--) {
            place += (int) (rest % extents[d]) * strides[d];
            rest /= extents[d];
        }
        return place;
    }
}
