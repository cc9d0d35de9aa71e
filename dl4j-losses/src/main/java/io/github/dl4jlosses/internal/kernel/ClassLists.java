/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * Checks targets that are lists of classes, one in each row, ended by -1: whole numbers from -1 to below the number of
 * classes. Numbers after the end are ignored but checked, as in torch.
 */
public final class ClassLists implements ValueCheck {
    private static final int END = -1;

    private final int classes;

    /** @param classes the classes of the input */
    public ClassLists(int classes) {
        this.classes = classes;
    }

    /** The number of classes in the list of a row; a class that is listed twice counts twice. */
    static int length(Tile tile, int row) {
        int length = 0;
        while (length < tile.classes && tile.y[row * tile.classes + length] != END) {
            length++;
        }
        return length;
    }

    @Override
    public int firstRefused(Tile tile) {
        int n = tile.classes;
        for (int r = 0; r < tile.rows; r++) {
            for (int i = r * n; i < r * n + n && !tile.skip[r]; i++) {
                if (!isEntry(tile.y[i])) {
                    return i;
                }
            }
        }
        return -1;
    }

    /** False for NaN and fractions. */
    private boolean isEntry(double value) {
        return value >= END && value < classes && value == (int) value;
    }

    @Override
    public boolean acceptsInput(double x) {
        return true;
    }

    @Override
    public String message(boolean ofTarget) {
        return "argument #2 'target' is out of range: a list has whole numbers, the classes 0 to " + (classes - 1)
                + " and -1 where it ends, also behind its end";
    }
}
