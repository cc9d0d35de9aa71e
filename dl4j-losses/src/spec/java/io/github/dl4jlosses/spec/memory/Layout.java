/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.memory;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The ways in which the same numbers may lie in memory. */
public enum Layout {
    C((type, shape) -> whole(surroundings(type, shape, 'c'))),
    F((type, shape) -> whole(surroundings(type, shape, 'f'))),
    /** A block inside a larger array. */
    BLOCK((type, shape) -> inside(surroundings(type, mapped(shape, 1, 3), 'c'), shape, 1)),
    /** The same block of a larger array in column-major order. */
    F_BLOCK((type, shape) -> inside(surroundings(type, mapped(shape, 1, 3), 'f'), shape, 1)),
    /** Every second element along each dimension. */
    EVERY_SECOND((type, shape) -> inside(surroundings(type, mapped(shape, 2, 2), 'c'), shape, 2)),
    /** Dimensions in reverse order: the transpose, for a matrix. */
    PERMUTED(Layout::permuted),
    /** One index of a further, last dimension: a single column, for a vector. */
    COLUMN(Layout::column);

    /** What stands in memory around a view; every dtype has it. */
    private static final int AROUND = 1;

    /** An array and the whole memory that it is a view of. */
    public static final class Placed {
        private final INDArray array;
        private final INDArray base;

        public Placed(INDArray array, INDArray base) {
            this.array = array;
            this.base = base;
        }

        /** The numbers. */
        public INDArray array() {
            return array;
        }

        /** The memory itself. */
        public BytePointer memory() {
            return Layout.memory(base);
        }

        /** The memory, bit for bit, with what is around the view. */
        public byte[] bytes() {
            return Layout.bytes(base);
        }
    }

    private interface Allocation {
        Placed of(DataType type, long[] shape);
    }

    @SuppressWarnings("ImmutableEnumChecker") // without state
    private final Allocation allocation;

    Layout(Allocation allocation) {
        this.allocation = allocation;
    }

    /** The numbers of {@code values} in this layout. */
    public Placed place(INDArray values) {
        Placed placed = allocation.of(values.dataType(), values.shape());
        if (!Arrays.equals(placed.array.shape(), values.shape())) {
            throw new IllegalStateException(this + " of " + Arrays.toString(values.shape()) + " became "
                    + Arrays.toString(placed.array.shape()));
        }
        placed.array.assign(values);
        return placed;
    }

    /** The content of a contiguous array. */
    public static byte[] bytes(INDArray contiguous) {
        try {
            BytePointer memory = memory(contiguous);
            byte[] bytes = new byte[Math.toIntExact(memory.capacity())];
            memory.get(bytes);
            return bytes;
        } finally {
            // ND4J frees memory once nobody can reach the array
            Reference.reachabilityFence(contiguous);
        }
    }

    private static BytePointer memory(INDArray contiguous) {
        return new BytePointer(contiguous.data().addressPointer())
                .capacity(contiguous.length() * contiguous.dataType().width());
    }

    private static INDArray surroundings(DataType type, long[] shape, char order) {
        return Nd4j.createUninitialized(type, shape, order).assign(AROUND);
    }

    private static long[] mapped(long[] shape, long factor, long more) {
        return Arrays.stream(shape).map(size -> size * factor + more).toArray();
    }

    private static Placed whole(INDArray array) {
        return new Placed(array, array);
    }

    private static Placed inside(INDArray base, long[] shape, long step) {
        INDArrayIndex[] intervals = Arrays.stream(shape)
                .mapToObj(size -> NDArrayIndex.interval(1, step, 1 + size * step))
                .toArray(INDArrayIndex[]::new);
        return new Placed(base.get(intervals), base);
    }

    private static Placed permuted(DataType type, long[] shape) {
        int[] order =
                IntStream.range(0, shape.length).map(d -> shape.length - 1 - d).toArray();
        long[] reversed = Arrays.stream(order).mapToLong(d -> shape[d]).toArray();
        INDArray base = surroundings(type, reversed, 'c');
        return new Placed(shape.length < 2 ? base : base.permute(order), base);
    }

    private static Placed column(DataType type, long[] shape) {
        long[] wider = Arrays.copyOf(shape, shape.length + 1);
        wider[shape.length] = 3;
        INDArray base = surroundings(type, wider, 'c');
        INDArrayIndex[] indices = new INDArrayIndex[wider.length];
        Arrays.fill(indices, NDArrayIndex.all());
        indices[shape.length] = NDArrayIndex.point(1);
        return new Placed(base.get(indices), base);
    }
}
