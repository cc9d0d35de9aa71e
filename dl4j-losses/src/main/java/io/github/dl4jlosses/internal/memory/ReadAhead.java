/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.memory;

/**
 * Reads several rows at once if they lie side by side in memory: a cache line then holds one class of several rows, and
 * would be fetched again for each.
 */
final class ReadAhead {
    private static final int MOST = 64;
    /** The number of floats in a cache line. */
    private static final int LEAST = 16;

    private static final int ELEMENTS = 1 << 16;
    /** No more than these are kept. */
    private static final int LIMIT = 1 << 20;

    private float[] floats = new float[0];
    private double[] doubles = new double[0];
    private boolean areFloats;
    private long fill;
    private long first;
    private int count;
    /** How many rows of the memory come before the first. */
    private int start;

    private int classes;

    /** The number of rows that are read at once. */
    static int rows(int classes) {
        int rows = Math.max(LEAST, Math.min(MOST, ELEMENTS / classes));
        return Math.max(1, Math.min(rows, LIMIT / classes));
    }

    /** Whether this still holds a row of that fill; other rows may have been read into the memory since. */
    boolean has(long row, long ofFill) {
        return fill == ofFill && first <= row && row < first + count;
    }

    /** Of the rows of that fill, keeps those from {@code next} on, because the others are being written. */
    void forget(long next, long ofFill) {
        int before = fill == ofFill ? (int) Math.max(0, Math.min(count, next - first)) : 0;
        start += before;
        first += before;
        count -= before;
    }

    /** Reads rows {@code row} to {@code row + n}, and returns the number of the fill. */
    long fill(Rows rows, long row, int n) {
        classes = rows.classes();
        areFloats = rows.areFloats();
        count = 0;
        start = 0;
        int length = n * classes;
        if (areFloats) {
            if (floats.length < length) {
                floats = new float[length];
            }
            rows.move(row, n, floats, false);
        } else {
            if (doubles.length < length) {
                doubles = new double[length];
            }
            rows.move(row, n, doubles, false);
        }
        first = row;
        count = n;
        return ++fill;
    }

    /** Copies at most {@code n} of the rows from {@code row} on, and returns how many. */
    int copy(long row, int n, Object to, int at) {
        int skipped = (int) (row - first);
        int copied = Math.min(n, count - skipped);
        int from = (start + skipped) * classes;
        int length = copied * classes;
        if (areFloats && to instanceof double[]) {
            widen(from, (double[]) to, at, length);
        } else {
            System.arraycopy(areFloats ? floats : doubles, from, to, at, length);
        }
        return copied;
    }

    private void widen(int from, double[] to, int at, int n) {
        for (int i = 0; i < n; i++) {
            to[at + i] = floats[from + i];
        }
    }
}
