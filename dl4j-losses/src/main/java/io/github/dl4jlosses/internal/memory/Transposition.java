/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.memory;

/** Converts rows, one after the other, to an array for each class, and back. */
final class Transposition {
    /** The number of classes that are gathered at once. */
    static final int AT_ONCE = 8;

    private Transposition() {}

    /**
     * Converts columns of {@code n} numbers, one after the other, to rows.
     *
     * @param classes the number of columns, at most {@link #AT_ONCE}
     * @param step the distance from row to row
     */
    static void gather(float[] columns, int n, int classes, float[] rows, int at, int step) {
        if (classes < AT_ONCE) {
            for (int c = 0; c < classes; c++) {
                for (int r = 0; r < n; r++) {
                    rows[at + r * step + c] = columns[c * n + r];
                }
            }
            return;
        }
        for (int r = 0; r < n; r++) {
            int to = at + r * step;
            rows[to] = columns[r];
            rows[to + 1] = columns[n + r];
            rows[to + 2] = columns[2 * n + r];
            rows[to + 3] = columns[3 * n + r];
            rows[to + 4] = columns[4 * n + r];
            rows[to + 5] = columns[5 * n + r];
            rows[to + 6] = columns[6 * n + r];
            rows[to + 7] = columns[7 * n + r];
        }
    }

    static void spread(float[] rows, int classes, double[][] to, int n) {
        int c = 0;
        for (; c + 3 < classes; c += 4) {
            spread(rows, c, classes, to[c], to[c + 1], to[c + 2], to[c + 3], n);
        }
        for (; c < classes; c++) {
            spread(rows, c, classes, to[c], n);
        }
    }

    static void spread(double[] rows, int classes, double[][] to, int n) {
        int c = 0;
        for (; c + 3 < classes; c += 4) {
            spread(rows, c, classes, to[c], to[c + 1], to[c + 2], to[c + 3], n);
        }
        for (; c < classes; c++) {
            spread(rows, c, classes, to[c], n);
        }
    }

    /** Converts an array for each class to rows; each number is rounded once. */
    static void gather(double[][] from, int classes, float[] rows, int n) {
        int c = 0;
        for (; c + 3 < classes; c += 4) {
            gather(from[c], from[c + 1], from[c + 2], from[c + 3], rows, c, classes, n);
        }
        for (; c < classes; c++) {
            gather(from[c], rows, c, classes, n);
        }
    }

    static void gather(double[][] from, int classes, double[] rows, int n) {
        int c = 0;
        for (; c + 3 < classes; c += 4) {
            gather(from[c], from[c + 1], from[c + 2], from[c + 3], rows, c, classes, n);
        }
        for (; c < classes; c++) {
            gather(from[c], rows, c, classes, n);
        }
    }

    /** Spreads four classes at once, which are neighbours in memory. */
    private static void spread(
            float[] rows, int from, int step, double[] a, double[] b, double[] c, double[] d, int n) {
        int i = from;
        for (int r = 0; r < n; r++) {
            a[r] = rows[i];
            b[r] = rows[i + 1];
            c[r] = rows[i + 2];
            d[r] = rows[i + 3];
            i += step;
        }
    }

    private static void spread(
            double[] rows, int from, int step, double[] a, double[] b, double[] c, double[] d, int n) {
        int i = from;
        for (int r = 0; r < n; r++) {
            a[r] = rows[i];
            b[r] = rows[i + 1];
            c[r] = rows[i + 2];
            d[r] = rows[i + 3];
            i += step;
        }
    }

    private static void spread(float[] rows, int from, int step, double[] to, int n) {
        for (int r = 0; r < n; r++) {
            to[r] = rows[from + r * step];
        }
    }

    private static void spread(double[] rows, int from, int step, double[] to, int n) {
        for (int r = 0; r < n; r++) {
            to[r] = rows[from + r * step];
        }
    }

    /** The reverse of {@link #spread(float[], int, int, double[], double[], double[], double[], int)}. */
    private static void gather(double[] a, double[] b, double[] c, double[] d, float[] rows, int to, int step, int n) {
        int i = to;
        for (int r = 0; r < n; r++) {
            rows[i] = (float) a[r];
            rows[i + 1] = (float) b[r];
            rows[i + 2] = (float) c[r];
            rows[i + 3] = (float) d[r];
            i += step;
        }
    }

    private static void gather(double[] a, double[] b, double[] c, double[] d, double[] rows, int to, int step, int n) {
        int i = to;
        for (int r = 0; r < n; r++) {
            rows[i] = a[r];
            rows[i + 1] = b[r];
            rows[i + 2] = c[r];
            rows[i + 3] = d[r];
            i += step;
        }
    }

    private static void gather(double[] from, float[] rows, int to, int step, int n) {
        for (int r = 0; r < n; r++) {
            rows[to + r * step] = (float) from[r];
        }
    }

    private static void gather(double[] from, double[] rows, int to, int step, int n) {
        for (int r = 0; r < n; r++) {
            rows[to + r * step] = from[r];
        }
    }
}
