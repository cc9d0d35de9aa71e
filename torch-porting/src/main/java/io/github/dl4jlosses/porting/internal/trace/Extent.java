/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.List;

/**
 * A size in a trace: a number, times powers of the batch size and of the sequence length if these depend on the data.
 *
 * @param factor the number
 * @param batches how often the batch size is a factor
 * @param lengths how often the sequence length is a factor
 */
record Extent(long factor, int batches, int lengths) {

    /** The limit of open factors: a short file could ask for any number of them. */
    private static final int MOST_OPEN = 8;

    static final Extent ONE = new Extent(1, 0, 0);

    /** The extent of an operator's result; null if it is no size. A trace may write integers with a decimal point. */
    static Extent of(Object value) {
        if (value instanceof Extent extent) {
            return extent;
        }
        if (value instanceof Call.Size size) {
            return size == Call.Size.BATCH ? new Extent(1, 1, 0) : new Extent(1, 0, 1);
        }
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1L << 40) {
            return new Extent(number.longValue(), 0, 0);
        }
        return value instanceof Long number ? new Extent(number, 0, 0) : null;
    }

    /** The extent of a size in an {@link Activation}. */
    static Extent ofSize(long size) {
        return size == Activation.BATCH
                ? new Extent(1, 1, 0)
                : size == Activation.UNKNOWN ? new Extent(1, 0, 1) : new Extent(size, 0, 0);
    }

    static Extent product(List<Extent> sizes) {
        return sizes.stream().reduce(ONE, Extent::times);
    }

    /** The simplest form. */
    Object value() {
        if (batches == 0 && lengths == 0) {
            return factor;
        }
        if (factor == 1 && batches + lengths == 1) {
            return batches == 1 ? Call.Size.BATCH : Call.Size.UNKNOWN;
        }
        return this;
    }

    /** The size as text, with N for the batch and T for the length. */
    String words() {
        String letters = "N".repeat(batches) + "T".repeat(lengths);
        return letters.isEmpty() ? String.valueOf(factor) : (factor == 1 ? "" : factor + "*") + letters;
    }

    boolean isNumber() {
        return batches == 0 && lengths == 0;
    }

    Extent times(Extent other) {
        if (batches + other.batches > MOST_OPEN || lengths + other.lengths > MOST_OPEN) {
            throw new ArithmeticException("a size of more than " + MOST_OPEN + " batches or lengths");
        }
        return new Extent(Math.multiplyExact(factor, other.factor), batches + other.batches, lengths + other.lengths);
    }

    /** The quotient; null if there is a remainder. */
    Extent over(Extent other) {
        boolean fits =
                other.factor != 0 && factor % other.factor == 0 && batches >= other.batches && lengths >= other.lengths;
        return fits ? new Extent(factor / other.factor, batches - other.batches, lengths - other.lengths) : null;
    }
}
