/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/** The largest number of runs of an array, folded in halves; a NaN may be missed. */
final class Largest {
    private static final int WIDE = 1024;
    private static final int NARROW = 64;

    private final double[] fold = new double[WIDE];

    /** The largest of {@code values[from]} to {@code values[from + n]}; of none: negative infinity. */
    double of(double[] values, int from, int n) {
        if (n <= NARROW) {
            return straight(values, from, n);
        }
        double largest = Double.NEGATIVE_INFINITY;
        for (int at = 0; at < n; at += WIDE) {
            double next = folded(values, from + at, Math.min(WIDE, n - at));
            largest = next > largest ? next : largest;
        }
        return largest;
    }

    private double folded(double[] values, int from, int n) {
        System.arraycopy(values, from, fold, 0, n);
        if (n > WIDE / 4) {
            Arrays.fill(fold, n, WIDE, Double.NEGATIVE_INFINITY);
            foldWide(fold);
        } else {
            Arrays.fill(fold, n, WIDE / 4, Double.NEGATIVE_INFINITY);
        }
        foldNarrow(fold);
        return straight(fold, 0, NARROW);
    }

    private static void foldWide(double[] a) {
        for (int i = 0; i < WIDE / 4; i++) {
            a[i] = Math.max(Math.max(a[i], a[i + 256]), Math.max(a[i + 512], a[i + 768]));
        }
    }

    private static void foldNarrow(double[] a) {
        for (int i = 0; i < NARROW; i++) {
            a[i] = Math.max(Math.max(a[i], a[i + 64]), Math.max(a[i + 128], a[i + 192]));
        }
    }

    private static double straight(double[] a, int from, int n) {
        double m0 = Double.NEGATIVE_INFINITY;
        double m1 = m0;
        double m2 = m0;
        double m3 = m0;
        int i = from;
        int end = from + n;
        for (; i + 3 < end; i += 4) {
            m0 = a[i] > m0 ? a[i] : m0;
            m1 = a[i + 1] > m1 ? a[i + 1] : m1;
            m2 = a[i + 2] > m2 ? a[i + 2] : m2;
            m3 = a[i + 3] > m3 ? a[i + 3] : m3;
        }
        for (; i < end; i++) {
            m0 = a[i] > m0 ? a[i] : m0;
        }
        return Math.max(Math.max(m0, m1), Math.max(m2, m3));
    }
}
