/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.plain;

/** Rows of numbers with their targets, as a loss sees them. */
public final class PlainBatch {
    /** The target of a row without one. */
    public static final int NONE = -1;

    /** The input of each row. */
    public final double[][] input;
    /** A number for each input; null where rows have a class. */
    public final double[][] dense;
    /** The class of each row, or NONE; null where targets are dense. */
    public final int[] classes;
    /** Which inputs take part. */
    final boolean[][] kept;

    private PlainBatch(double[][] input, double[][] dense, int[] classes, boolean[][] kept) {
        this.input = input;
        this.dense = dense;
        this.classes = classes;
        this.kept = kept;
    }

    /** Rows with a number for each input; {@code kept} may be null for all. */
    public static PlainBatch dense(double[][] input, double[][] target, boolean[][] kept) {
        return new PlainBatch(input, target, null, kept);
    }

    /** Rows with a class each, or NONE; {@code kept} may be null for all. */
    public static PlainBatch classes(double[][] input, int[] classes, boolean[][] kept) {
        return new PlainBatch(input, null, classes, kept);
    }

    /** Whether an input takes part. */
    public boolean isKept(int row, int column) {
        return kept == null || kept[row][column];
    }

    /** Whether a row with a class takes part. */
    public boolean isKept(int row) {
        return (classes == null || classes[row] != NONE) && isKept(row, 0);
    }

    public int columns() {
        return input.length == 0 ? 0 : input[0].length;
    }
}
