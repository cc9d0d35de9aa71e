/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.evaluation;

import io.github.dl4jlosses.internal.shape.Arguments;
import java.util.List;

/**
 * Measures how far labels are from the expected ones: the number of insertions, deletions and substitutions of classes
 * between them (the Levenshtein distance), divided by the number of expected classes. For characters this is the
 * character error rate, for words the word error rate.
 *
 * <pre>{@code
 * LabelErrorRate rate = new LabelErrorRate();
 * rate.add(new int[] {1, 2, 3, 4}, new int[] {1, 3, 4});
 * rate.errorRate(); // 0.25
 * }</pre>
 *
 * @since 0.1.0
 */
public final class LabelErrorRate {
    private long errors;
    private long classes;
    private long labels;
    private long exact;

    /** A rate without any comparison yet. */
    public LabelErrorRate() {}

    /**
     * Adds the comparison of a label.
     *
     * @param expected the right classes
     * @param actual the classes that were read
     */
    public void add(int[] expected, int[] actual) {
        Arguments.requireNonNull(expected, "expected");
        Arguments.requireNonNull(actual, "actual");
        long distance = distance(expected, actual);
        errors += distance;
        classes += expected.length;
        labels++;
        exact += distance == 0 ? 1 : 0;
    }

    /**
     * Adds the comparisons of labels.
     *
     * @param expected the right classes
     * @param actual the classes that were read, as many
     */
    public void add(List<int[]> expected, List<int[]> actual) {
        Arguments.requireNonNull(expected, "expected");
        Arguments.requireNonNull(actual, "actual");
        if (expected.size() != actual.size()) {
            throw new IllegalArgumentException(
                    expected.size() + " labels were expected, but " + actual.size() + " were read");
        }
        for (int i = 0; i < expected.size(); i++) {
            add(expected.get(i), actual.get(i));
        }
    }

    /** The Levenshtein distance, row by row of the table of all prefixes. */
    private static int distance(int[] expected, int[] actual) {
        int[] row = new int[actual.length + 1];
        for (int j = 0; j <= actual.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= expected.length; i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= actual.length; j++) {
                int exchanged = diagonal + (expected[i - 1] == actual[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchanged, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[actual.length];
    }

    /**
     * The number of errors divided by the number of expected classes.
     *
     * @return 0 if all labels are right; it may exceed 1; NaN if no class was expected
     */
    public double errorRate() {
        return (double) errors / classes;
    }

    /**
     * The share of labels without an error.
     *
     * @return 0 to 1; NaN if no label was compared
     */
    public double exactRate() {
        return (double) exact / labels;
    }

    /**
     * The rates in words.
     *
     * @return such as {@code errors: 3 in 100 classes; labels without an error: 18 of 20}
     */
    @Override
    public String toString() {
        return "errors: " + errors + " in " + classes + " classes; labels without an error: " + exact + " of " + labels;
    }
}
