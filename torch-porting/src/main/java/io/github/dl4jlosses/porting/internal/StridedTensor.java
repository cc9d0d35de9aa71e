/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A view of a storage as torch describes it: where its first element lies, its sizes, and the step of each dimension. */
final class StridedTensor {

    static final int MOST_DIMENSIONS = 32;

    private final String name;
    private final ElementType type;
    private final long offset;
    private final long[] sizes;
    private final long[] strides;

    StridedTensor(String name, ElementType type, long offset, long[] sizes, long... strides) {
        this.name = name;
        this.type = type;
        this.offset = offset;
        this.sizes = sizes;
        this.strides = strides;
        checkedRank(name, sizes.length);
        if (sizes.length != strides.length) {
            throw refused("its sizes and strides do not belong together");
        }
        if (offset < 0
                || Arrays.stream(sizes).anyMatch(s -> s < 0)
                || Arrays.stream(strides).anyMatch(s -> s < 0)) {
            throw refused("a size, a stride or its offset is negative");
        }
    }

    /** How many sizes or strides there are, checked before any of them is looked at. */
    static int checkedRank(String tensor, int rank) {
        if (rank > MOST_DIMENSIONS) {
            throw Refused.damaged("Tensor " + Refused.shown(tensor) + " cannot be right: it " + "has " + rank
                    + " sizes or strides, more than " + MOST_DIMENSIONS);
        }
        return rank;
    }

    String name() {
        return name;
    }

    String shape() {
        return Arrays.toString(sizes);
    }

    /** A tensor whose elements lie in row-major order from the start of its memory. */
    static StridedTensor contiguous(String name, ElementType type, long... sizes) {
        long[] strides = new long[sizes.length];
        long stride = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= Math.max(1, sizes[i]); // may wrap around; reading then finds the tensor too large
        }
        return new StridedTensor(name, type, 0, sizes, strides);
    }

    private long elements() {
        try {
            long elements = 1;
            for (long size : sizes) {
                // sizes beside a 0 count as well: ND4J multiplies them for the strides of an empty array
                elements = Math.multiplyExact(elements, Math.max(1, size));
            }
            if (elements > Integer.MAX_VALUE) {
                throw refused("it is larger than any array");
            }
            return Arrays.stream(sizes).anyMatch(size -> size == 0) ? 0 : elements;
        } catch (ArithmeticException e) {
            throw refused("it is larger than any array");
        }
    }

    /** The bytes of the tensor when it lies alone. */
    long bytes() {
        return elements() * type.bytes();
    }

    /** Copies the elements, which are paid from the budget. */
    INDArray read(ByteBuffer storage, Budget budget) {
        long elements = elements();
        budget.takeTensor(name, elements * type.bytes());
        if (elements == 0) {
            return type.empty(sizes);
        }
        checkEnd(storage.capacity() / type.bytes());
        return type.read(storage, (int) elements, new Positions(), sizes);
    }

    /** The number behind its last element, in a storage in which it is known to lie. */
    long end() {
        long end = offset;
        if (elements() > 0) {
            end++;
            for (int i = 0; i < sizes.length; i++) {
                end += (sizes[i] - 1) * strides[i];
            }
        }
        return end;
    }

    private void checkEnd(long elements) {
        try {
            long last = offset;
            for (int i = 0; i < sizes.length; i++) {
                last = Math.addExact(last, Math.multiplyExact(sizes[i] - 1, strides[i]));
            }
            if (last >= elements) {
                throw refused("its last element is number " + last + " of a storage of " + elements);
            }
        } catch (ArithmeticException e) {
            throw refused("its last element is beyond any memory");
        }
    }

    /** Where the elements lie, in row-major order of the view: the last index runs first, as in a counter of kilometres. */
    private final class Positions implements IntSupplier {
        private final long[] index = new long[sizes.length];
        private long next = offset;

        @Override
        public int getAsInt() {
            long position = next;
            int dimension = sizes.length - 1;
            while (dimension >= 0 && ++index[dimension] == sizes[dimension]) {
                next -= (sizes[dimension] - 1) * strides[dimension];
                index[dimension] = 0;
                dimension--;
            }
            if (dimension >= 0) {
                next += strides[dimension];
            }
            return (int) position;
        }
    }

    private Refused refused(String reason) {
        return Refused.damaged("Tensor " + Refused.shown(name) + " cannot be right: " + reason
                + " (sizes "
                + Arrays.toString(sizes) + ", strides " + Arrays.toString(strides) + ", storage offset " + offset
                + ")");
    }
}
