/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.target;

/** Knows the indices that are classes and the one that marks a row to leave out, and refuses all others. */
public final class ClassRange {
    private final int classes;
    private final boolean ignores;
    private final long ignoreIndex;

    private ClassRange(int classes, boolean ignores, long ignoreIndex) {
        this.classes = classes;
        this.ignores = ignores;
        this.ignoreIndex = ignoreIndex;
    }

    /** Every class of the input, and an index, perhaps a class, that marks a row to leave out. */
    public static ClassRange ignoring(long ignoreIndex, int classes) {
        return new ClassRange(classes, true, ignoreIndex);
    }

    /** Every class of the input, and nothing else. */
    public static ClassRange all(int classes) {
        return new ClassRange(classes, false, 0);
    }

    /** The number of classes of the input. */
    int classes() {
        return classes;
    }

    /** Whether an index marks a row to leave out. */
    boolean isIgnored(long index) {
        return ignores && index == ignoreIndex;
    }

    /** Whether an index is a class that is not ignored. */
    boolean isClass(int index) {
        return index >= 0 && index < classes && !isIgnored(index);
    }

    /**
     * The exception for any other index, with torch's message and the allowed range.
     *
     * @param index as text
     * @param place its place in the target
     */
    IllegalArgumentException refusal(String index, String place) {
        String allowed = "; the input has " + classes + " classes, allowed are 0 to " + (classes - 1);
        return new IllegalArgumentException(
                ignores
                        ? "Target " + index + " is out of bounds. (" + place + allowed + " and ignoreIndex "
                                + ignoreIndex + ")"
                        : "target out of range (" + place + " is " + index + allowed + ")");
    }
}
