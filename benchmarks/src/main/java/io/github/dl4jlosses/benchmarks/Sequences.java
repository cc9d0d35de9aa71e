/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.util.Arrays;

/** Sequences of equal length with their labels, for the loss that aligns them. */
record Sequences(int steps, int sequences, int classes, int labelLength) {

    /** Reads what {@link #toString()} gives, such as {@code 50x32x40x10}. */
    static Sequences parse(String text) {
        if (!text.matches("[1-9][0-9]{0,5}(x[1-9][0-9]{0,5}){3}")) {
            throw new IllegalArgumentException(
                    "Sequences are steps x sequences x classes x label length, such as 50x32x40x10; got '" + text
                            + "'");
        }
        int[] sizes =
                Arrays.stream(text.split("x", -1)).mapToInt(Integer::parseInt).toArray();
        Sequences parsed = new Sequences(sizes[0], sizes[1], sizes[2], sizes[3]);
        if (parsed.classes < 2 || parsed.steps < 2 * parsed.labelLength) {
            // a class that is not the blank, and room for a blank between equal ones
            throw new IllegalArgumentException(
                    "Sequences have two classes at least, and two steps for each class of a label; got '" + text + "'");
        }
        return parsed;
    }

    /** How many numbers there are. */
    long elements() {
        return (long) steps * sequences * classes;
    }

    @Override
    public String toString() {
        return steps + "x" + sequences + "x" + classes + "x" + labelLength;
    }
}
