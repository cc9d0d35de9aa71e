/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Finds the classes of each row among row-major values: they lie along dimension 1, or the only one. */
record ClassLayout(int count, int classes, int inner) {

    static ClassLayout of(long... shape) {
        int dimension = classDimension(shape);
        int classes = Math.toIntExact(shape[dimension]);
        int inner = size(LongStream.of(shape).skip(dimension + 1L).toArray());
        return new ClassLayout(size(shape) / classes, classes, inner);
    }

    static int classDimension(long... shape) {
        return shape.length > 1 ? 1 : 0;
    }

    static long[] withoutClasses(long... shape) {
        return IntStream.range(0, shape.length)
                .filter(d -> d != classDimension(shape))
                .mapToLong(d -> shape[d])
                .toArray();
    }

    static int size(long... shape) {
        return Math.toIntExact(LongStream.of(shape).reduce(1, Math::multiplyExact));
    }

    /** The index of a place among row-major values. */
    static long[] index(int place, long... shape) {
        long[] index = new long[shape.length];
        long rest = place;
        for (int d = shape.length - 1; d >= 0; d--) {
            index[d] = rest % shape[d];
            rest /= shape[d];
        }
        return index;
    }

    static TorchTensor fill(TorchType type, long[] shape, DoubleSupplier numbers) {
        return TorchTensor.of(
                type, DoubleStream.generate(numbers).limit(size(shape)).toArray(), shape);
    }

    int size() {
        return count * classes;
    }

    int place(int row, int c) {
        return (row / inner * classes + c) * inner + row % inner;
    }
}
