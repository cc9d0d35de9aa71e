/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/** Sums of runs of an array, folded in halves: a fixed order, few roundings in a row, and vector instructions. */
public final class Sum {
    private static final int WIDE = 1024;
    private static final int NARROW = 64;
    /** Runs up to this length are added up without folding. */
    private static final int SHORT = 128;

    private final double[] fold = new double[WIDE];
    private final CompensatedSum total = new CompensatedSum();

    Sum() {}

    /** The sum of {@code values[from]} to {@code values[from + n]}. */
    public double of(double[] values, int from, int n) {
        if (n <= SHORT) {
            return straight(values, from, n);
        }
        if (n <= WIDE) {
            return folded(values, from, n);
        }
        total.reset();
        for (int at = 0; at < n; at += WIDE) {
            total.add(folded(values, from + at, Math.min(WIDE, n - at)));
        }
        return total.value();
    }

    private double folded(double[] values, int from, int n) {
        System.arraycopy(values, from, fold, 0, n);
        if (n > WIDE / 4) {
            Arrays.fill(fold, n, WIDE, 0);
            foldWide(fold);
        } else {
            Arrays.fill(fold, n, WIDE / 4, 0);
        }
        foldNarrow(fold);
        return straight(fold, 0, NARROW);
    }

    private static void foldWide(double[] a) {
        for (int i = 0; i < WIDE / 4; i++) {
            a[i] = (a[i] + a[i + 256]) + (a[i + 512] + a[i + 768]);
        }
    }

    private static void foldNarrow(double[] a) {
        for (int i = 0; i < NARROW; i++) {
            a[i] = (a[i] + a[i + 64]) + (a[i + 128] + a[i + 192]);
        }
    }

    /** Eight at a time, in pairs: few roundings in a row, and few additions that wait for each other. */
    private static double straight(double[] a, int from, int n) {
        double s0 = 0;
        double s1 = 0;
        int i = from;
        int end = from + n;
        for (; i + 15 < end; i += 16) {
            s0 += ofEight(a, i);
            s1 += ofEight(a, i + 8);
        }
        if (i + 7 < end) {
            s0 += ofEight(a, i);
            i += 8;
        }
        if (i + 3 < end) {
            s1 += (a[i] + a[i + 1]) + (a[i + 2] + a[i + 3]);
            i += 4;
        }
        double rest = 0;
        for (; i < end; i++) {
            rest += a[i];
        }
        return (s0 + s1) + rest;
    }

    private static double ofEight(double[] a, int i) {
        return ((a[i] + a[i + 1]) + (a[i + 2] + a[i + 3])) + ((a[i + 4] + a[i + 5]) + (a[i + 6] + a[i + 7]));
    }
}
