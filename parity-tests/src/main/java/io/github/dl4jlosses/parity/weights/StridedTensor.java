/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A view of a storage as torch describes it: where its first element lies, its sizes, and the step of each dimension. */
final class StridedTensor {

    private static final int MOST_DIMENSIONS = 32;

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
        if (sizes.length != strides.length || sizes.length > MOST_DIMENSIONS) {
            throw refused("its sizes and strides do not belong together, or are more than " + MOST_DIMENSIONS);
        }
        if (offset < 0
                || Arrays.stream(sizes).anyMatch(s -> s < 0)
                || Arrays.stream(strides).anyMatch(s -> s < 0)) {
            throw refused("a size, a stride or its offset is negative");
        }
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
        budget.take(name, elements * type.bytesWhileRead());
        if (elements == 0) {
            return type.empty(sizes);
        }
        checkEnd(storage.capacity() / type.bytes());
        int start = (int) offset;
        IntUnaryOperator position = isContiguous() ? element -> start + element : this::position;
        return type.read(storage, (int) elements, position).reshape('c', sizes);
    }

    private boolean isContiguous() {
        long stride = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            if (sizes[i] != 1 && strides[i] != stride) {
                return false;
            }
            stride *= sizes[i];
        }
        return true;
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

    /** Where the element lies that has this number in row-major order of the view. */
    private int position(int element) {
        int position = (int) offset;
        int rest = element;
        for (int dimension = sizes.length - 1; dimension >= 0; dimension--) {
            int size = (int) sizes[dimension];
            position += (int) (rest % size * strides[dimension]);
            rest /= size;
        }
        return position;
    }

    private RefusedFileException refused(String reason) {
        return RefusedFileException.damaged("Tensor " + name + " cannot be right: " + reason + " (sizes "
                + Arrays.toString(sizes) + ", strides " + Arrays.toString(strides) + ", storage offset " + offset
                + ")");
    }
}
