/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A shape as torch has it: examples, classes, and the other dimensions, of which a plain layer has none.
 *
 * @param isInColumns whether the pre-output of the layer is in memory column by column, ND4J's order 'f'
 */
record Shape(long examples, long classes, List<Long> inner, boolean isInColumns) {
    private static final String COLUMNS = "f";
    private static final long MOST_CALLED = 5_000_000;

    /** Reads a shape such as {@code 32x50x100}, or {@code 128x1000f}. */
    static Shape parse(String text) {
        if (!text.matches("[1-9][0-9]{0,7}x[1-9][0-9]{0,7}(f|(x[1-9][0-9]{0,7}){0,2})")) {
            throw new IllegalArgumentException(
                    "A shape is examples x classes, maybe x positions, such as 32x10 or 4x21x128x128, or 32x10f for order 'f'"
                            + " of the memory; got '" + text + "'");
        }
        boolean isInColumns = text.endsWith(COLUMNS);
        String numbers = isInColumns ? text.substring(0, text.length() - COLUMNS.length()) : text;
        List<Long> sizes =
                Arrays.stream(numbers.split("x", -1)).map(Long::valueOf).toList();
        return new Shape(sizes.get(0), sizes.get(1), sizes.subList(2, sizes.size()), isInColumns);
    }

    /** The same with so many times the classes. */
    Shape withClassesTimes(long factor) {
        return new Shape(examples, factor * classes, inner, isInColumns);
    }

    /** Whether what a call of torch from Java adds is measured: for more numbers it takes seconds, and grows with them. */
    boolean isCalledFromJava() {
        return isPlain() && !isInColumns && elements() <= MOST_CALLED;
    }

    /** The same in ND4J's order 'c'. */
    Shape inRows() {
        return new Shape(examples, classes, inner, false);
    }

    /** How many positions an example has, each with a row of classes. */
    long positions() {
        return inner.stream().reduce(1L, Math::multiplyExact);
    }

    /** The rows that a loss of DL4J sees. */
    long rows() {
        return examples * positions();
    }

    long elements() {
        return rows() * classes;
    }

    /** Whether it is that of a plain layer. */
    boolean isPlain() {
        return inner.isEmpty();
    }

    /** Torch's shape of so many examples, with their classes. */
    long[] ofLogits(long someExamples) {
        return followed(someExamples, classes);
    }

    /** Torch's shape of class indices. */
    long[] ofIndices() {
        return followed(examples);
    }

    private long[] followed(long... first) {
        return LongStream.concat(Arrays.stream(first), inner.stream().mapToLong(Long::longValue))
                .toArray();
    }

    @Override
    public String toString() {
        String sizes =
                Arrays.stream(ofLogits(examples)).mapToObj(Long::toString).collect(Collectors.joining("x"));
        return isInColumns ? sizes + COLUMNS : sizes;
    }
}
