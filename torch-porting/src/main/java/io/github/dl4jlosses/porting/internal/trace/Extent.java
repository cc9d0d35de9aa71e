/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.List;

/**
 * A size in a trace: a number, times the size of the batch, times the length of sequences, where only the data tell these.
 *
 * @param factor the number
 * @param batches how often the size of the batch is a factor
 * @param lengths how often the length of the sequences is
 */
record Extent(long factor, int batches, int lengths) {

    static final Extent ONE = new Extent(1, 0, 0);

    /** Of what operators give for sizes; null for anything else. A number of Python comes as one with a point. */
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

    /** Of a size as an {@link Activation} has it. */
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

    /** With N for the batch and T for the length. */
    String words() {
        String letters = "N".repeat(batches) + "T".repeat(lengths);
        return letters.isEmpty() ? String.valueOf(factor) : (factor == 1 ? "" : factor + "*") + letters;
    }

    boolean isNumber() {
        return batches == 0 && lengths == 0;
    }

    Extent times(Extent other) {
        return new Extent(Math.multiplyExact(factor, other.factor), batches + other.batches, lengths + other.lengths);
    }

    /** Null if there is a rest. */
    Extent over(Extent other) {
        boolean fits =
                other.factor != 0 && factor % other.factor == 0 && batches >= other.batches && lengths >= other.lengths;
        return fits ? new Extent(factor / other.factor, batches - other.batches, lengths - other.lengths) : null;
    }
}
