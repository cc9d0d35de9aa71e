/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/** {@link Sum} of floats. */
final class FloatSum {
    private static final int WIDE = 1024;
    static final int NARROW = 64;
    /** Runs up to here are added up as they stand. */
    private static final int SHORT = 128;
    /** Sizes that are added up at once. */
    private static final int SIZES = 2048;

    private final float[] fold = new float[WIDE];
    private final CompensatedSum total = new CompensatedSum();
    private final float[] sizes = new float[SIZES];
    private int largestLane;

    /** The sum of {@code values[from]} to {@code values[from + n]}: up to a hundred or so are added up in float, the rest in double. */
    double of(float[] values, int from, int n) {
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

    private double folded(float[] values, int from, int n) {
        System.arraycopy(values, from, fold, 0, n);
        if (n > WIDE / 4) {
            Arrays.fill(fold, n, WIDE, 0);
            foldWide(fold);
        } else {
            Arrays.fill(fold, n, WIDE / 4, 0);
        }
        foldNarrow(fold, fold);
        return straight(fold, 0, NARROW);
    }

    /** The sum of {@link FloatLoops#LANES} numbers, the last of them in double: to a loss each rounding would show. */
    double ofLanes(float[] lanes) {
        foldNarrow(lanes, fold);
        return inDouble(fold, 0, NARROW);
    }

    /**
     * The sum of {@link FloatLoops#LANES} numbers, without those that were folded into the largest of {@link #NARROW}:
     * {@link #largestLane} says which, so that they can be added up without a rounding.
     */
    double besideLargestLane(float[] lanes) {
        foldNarrow(lanes, fold);
        largestLane = 0;
        for (int i = 1; i < NARROW; i++) {
            if (fold[i] > fold[largestLane]) {
                largestLane = i;
            }
        }
        fold[largestLane] = 0;
        return inDouble(fold, 0, NARROW);
    }

    /** The first of the places, each {@link #NARROW} from the next, whose sum was the largest. */
    int largestLane() {
        return largestLane;
    }

    /** The sum of {@code n} numbers. */
    static double inDouble(float[] a, int from, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = from;
        int end = from + n;
        for (; i + 3 < end; i += 4) {
            s0 += a[i];
            s1 += a[i + 1];
            s2 += a[i + 2];
            s3 += a[i + 3];
        }
        for (; i < end; i++) {
            s0 += a[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    private static void foldNarrow(float[] a, float[] folded) {
        for (int i = 0; i < NARROW; i++) {
            folded[i] = (a[i] + a[i + 64]) + (a[i + 128] + a[i + 192]);
        }
    }

    private static void foldWide(float[] a) {
        for (int i = 0; i < WIDE / 4; i++) {
            a[i] = (a[i] + a[i + 256]) + (a[i + 512] + a[i + 768]);
        }
    }

    /** Eight at a time in float: to convert each would take longer than to add it. */
    private static double straight(float[] a, int from, int n) {
        double s = 0;
        double rest = 0;
        int i = from;
        int end = from + n;
        for (; i + 7 < end; i += 8) {
            s += ((a[i] + a[i + 1]) + (a[i + 2] + a[i + 3])) + ((a[i + 4] + a[i + 5]) + (a[i + 6] + a[i + 7]));
        }
        if (i + 3 < end) {
            rest = (a[i] + a[i + 1]) + (a[i + 2] + a[i + 3]);
            i += 4;
        }
        for (; i < end; i++) {
            rest += a[i];
        }
        return s + rest;
    }

    /** About the sum of the sizes of the first numbers of an array; infinite or NaN where one of them is. */
    float ofSizes(float[] values, int n) {
        if (n <= SIZES / 4) {
            return ofSizesStraight(values, n);
        }
        float sum = 0;
        for (int at = 0; at < n; at += SIZES) {
            int more = Math.min(SIZES, n - at);
            System.arraycopy(values, at, sizes, 0, more);
            Arrays.fill(sizes, more, SIZES, 0);
            foldSizes(sizes, fold);
            sum += ofSizesStraight(fold, SIZES / 4);
        }
        return sum;
    }

    private static void foldSizes(float[] a, float[] folded) {
        for (int i = 0; i < SIZES / 4; i++) {
            folded[i] = (Math.abs(a[i]) + Math.abs(a[i + 512])) + (Math.abs(a[i + 1024]) + Math.abs(a[i + 1536]));
        }
    }

    private static float ofSizesStraight(float[] a, int n) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 3 < n; i += 4) {
            s0 += Math.abs(a[i]);
            s1 += Math.abs(a[i + 1]);
            s2 += Math.abs(a[i + 2]);
            s3 += Math.abs(a[i + 3]);
        }
        for (; i < n; i++) {
            s0 += Math.abs(a[i]);
        }
        return (s0 + s1) + (s2 + s3);
    }
}
