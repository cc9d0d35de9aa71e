/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.target;

/** Which indices are classes of the input, which one means that a row is left out, and how others are refused. */
public final class ClassRange {
    private final int classes;
    private final boolean ignores;
    private final long ignoreIndex;

    private ClassRange(int classes, boolean ignores, long ignoreIndex) {
        this.classes = classes;
        this.ignores = ignores;
        this.ignoreIndex = ignoreIndex;
    }

    /** Every class of the input, and an index that means: not this row. It may be a class. */
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

    /** Whether an index means: not this row. */
    boolean isIgnored(long index) {
        return ignores && index == ignoreIndex;
    }

    /** Whether an index is a class that is not ignored. */
    boolean isClass(int index) {
        return index >= 0 && index < classes && !isIgnored(index);
    }

    /**
     * What torch says of an index that is none of both, and what is allowed.
     *
     * @param index as it is written
     * @param place where it stands
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
