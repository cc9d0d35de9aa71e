/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.random;

import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.TargetRange;
import io.github.dl4jlosses.spec.memory.FilledArray;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Random inputs and targets that a loss accepts, the corners of their range included. */
final class RandomNumbers {
    private static final double[] MAGNITUDES = {.1, 1, 3, 10, 100};
    private static final double[] CORNERS = {
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, -0.0, 1e30, -1e30, 1e-40, 700, -700, 89, -104
    };
    private static final DataType[] FLOATING = {DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16};
    private static final DataType[] INDICES = {
        DataType.INT64,
        DataType.INT32,
        DataType.INT16,
        DataType.INT8,
        DataType.UINT64,
        DataType.UINT32,
        DataType.UINT16,
        DataType.UINT8,
        DataType.DOUBLE,
        DataType.FLOAT,
        DataType.FLOAT16,
        DataType.BFLOAT16
    };

    private final Random random;
    private final DataType type;
    private final double magnitude;
    private final boolean special;

    RandomNumbers(Random random, DataType type, double magnitude) {
        this.random = random;
        this.type = type;
        this.special = magnitude == 0 && random.nextInt(10) == 0;
        this.magnitude = magnitude == 0 ? MAGNITUDES[random.nextInt(MAGNITUDES.length)] : magnitude;
    }

    boolean areSpecial() {
        return special;
    }

    /** Inputs of a range, with corners where it takes them. */
    INDArray input(InputRange range, long... shape) {
        return FilledArray.of(() -> corner(range, range.draw(random, magnitude)), type, shape);
    }

    private double corner(InputRange range, double usual) {
        if (!range.takesAnything() || !special || !oneIn(8)) {
            return usual;
        }
        double corner = CORNERS[random.nextInt(CORNERS.length)];
        return range.describes(corner) ? corner : usual;
    }

    /** A target of the input's shape. */
    INDArray dense(TargetRange range, long... shape) {
        DataType targetType = oneIn(2) ? type : FLOATING[random.nextInt(FLOATING.length)];
        boolean hard = oneIn(2);
        return FilledArray.of(() -> range.draw(random, magnitude, hard), targetType, shape);
    }

    /** Some rows have no class, where torch can be told so. */
    long[] indices(int rows, int classes, OptionalLong ignoreIndex, boolean oneHot) {
        boolean ignoring = ignoreIndex.isPresent() && oneIn(2);
        long[] indices = new long[rows];
        for (int r = 0; r < rows; r++) {
            boolean ignored = ignoring && oneIn(3);
            indices[r] = ignored ? (oneHot ? -1 : ignoreIndex.getAsLong()) : random.nextInt(classes);
        }
        return indices;
    }

    INDArray indexArray(long[] indices, long... shape) {
        double[] values = Arrays.stream(indices).asDoubleStream().toArray();
        DataType indexType;
        do {
            indexType = INDICES[random.nextInt(INDICES.length)];
        } while (!holds(indexType, values));
        return FilledArray.of(values, indexType, shape);
    }

    /** Whether a dtype has each of these whole numbers. */
    private static boolean holds(DataType type, double... indices) {
        int bits = 8 * type.width();
        // a floating dtype of 16 bits has every whole number up to two to the power of its mantissa's bits
        double end = type == DataType.BFLOAT16
                ? 0x1p8
                : type == DataType.FLOAT16 ? 0x1p11 : Math.pow(2, type.isSigned() ? bits - 1 : bits);
        return Arrays.stream(indices).allMatch(i -> i < end && i >= (type.isSigned() ? -end : 0));
    }

    DataType oneHotType() {
        return oneIn(2) ? type : oneIn(2) ? DataType.INT32 : FLOATING[random.nextInt(FLOATING.length)];
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }
}
