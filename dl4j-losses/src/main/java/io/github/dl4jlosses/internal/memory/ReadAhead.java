/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.memory;

/**
 * Rows that were read at once, because they lie side by side in memory: a cache line holds one class of some of them, and
 * would be fetched anew for each.
 */
final class ReadAhead {
    private static final int MOST = 64;
    /** Of floats, so many fill a cache line. */
    private static final int LEAST = 16;

    private static final int ELEMENTS = 1 << 16;

    private float[] floats = new float[0];
    private double[] doubles = new double[0];
    private boolean areFloats;
    private long fill;
    private long first;
    private int count;
    private int classes;

    /** How many rows are read at once. */
    static int rows(int classes) {
        return Math.max(LEAST, Math.min(MOST, ELEMENTS / classes));
    }

    /** Whether it holds a row still; others may have taken its memory since that fill. */
    boolean has(long row, long ofFill) {
        return fill == ofFill && first <= row && row < first + count;
    }

    /** Reads rows {@code row} to {@code row + n}, and returns the number of the fill. */
    long fill(Rows rows, long row, int n) {
        classes = rows.classes();
        areFloats = rows.areFloats();
        count = 0;
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

    /** Copies at most {@code n} of the rows from {@code row} on, and says how many. */
    int copy(long row, int n, Object to, int at) {
        int skipped = (int) (row - first);
        int copied = Math.min(n, count - skipped);
        int from = skipped * classes;
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
