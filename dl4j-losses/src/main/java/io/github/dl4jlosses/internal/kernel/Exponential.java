/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * exp of many numbers in double, within 2 ulp, in loops that the JIT compiler turns into vector instructions.
 *
 * <p>exp(x) = 2^k exp(r) with k = rint(x / log 2) and |r| at most log(2)/2. Adding 1.5 * 2^52 rounds to the integer k
 * and leaves it in the low bits, from which {@link FloatingBits} makes 2^k. The rest is one loop with fused
 * multiply-add and two loops without it, because a long body is not vectorised. For the same reason loops use no index
 * but their own.
 */
final class Exponential {
    private static final double ROUNDING = FloatingBits.ROUNDING;
    private static final double LOG2_E = 1.4426950408889634;
    /** log 2 in two parts; the first has so many trailing zeros that k times it is exact. */
    private static final double LOG_2_HIGH = 0.6931471803691238;

    private static final double LOG_2_LOW = 1.9082149292705877e-10;
    /** Below this number the result is 0; the exact one is no normal number any more. */
    private static final double SMALLEST = -745;

    private static final double SMALLEST_POWER = ROUNDING - 1023;
    /** This number times k is infinite for |k| above 256, and 0 times infinity is NaN. */
    private static final double OVERFLOW = Double.MAX_VALUE / 256;

    private final boolean fused;
    private final FloatingBits bits;
    private final double[] power = new double[Workspace.CHUNK];
    private final double[] factor = new double[Workspace.CHUNK];

    /**
     * @param fused whether to use fused multiply-add for moderate numbers
     * @param bits the thread's own
     */
    Exponential(boolean fused, FloatingBits bits) {
        this.fused = fused;
        this.bits = bits;
    }

    /**
     * Computes exp.
     *
     * @param x at most {@link Workspace#CHUNK} numbers, none positive; NaN stays NaN
     * @param e the results; may be {@code x} itself
     * @param count how many; numbers after them may be overwritten
     */
    void of(double[] x, double[] e, int count) {
        int n = Workspace.padded(count, Math.min(x.length, e.length));
        reduce(x, power, factor, n);
        expand(factor, n);
        bits.toPowersOfTwo(power, n);
        multiply(power, factor, e, n);
    }

    /**
     * Computes exp of moderate numbers of either sign, which is faster.
     *
     * @param x at most {@link Workspace#CHUNK} numbers
     * @param e the results, NaN for every x that is not within about 178 of 0; may be {@code x} itself
     * @param count how many; numbers after them may be overwritten
     */
    void ofModerate(double[] x, double[] e, int count) {
        int n = Workspace.padded(count, Math.min(x.length, e.length));
        if (fused) {
            fusedModerate(x, power, factor, n);
        } else {
            reduceModerate(x, power, factor, n);
            expand(factor, n);
        }
        bits.toPowersOfTwo(power, n);
        multiply(power, factor, e, n);
    }

    private static void fusedModerate(double[] x, double[] power, double[] factor, int n) {
        for (int i = 0; i < n; i++) {
            double v = Math.fma(x[i], LOG2_E, ROUNDING);
            double k = v - ROUNDING;
            double t = Math.fma(k * OVERFLOW, 0, x[i]);
            double r = Math.fma(k, -LOG_2_LOW, Math.fma(k, -LOG_2_HIGH, t));
            power[i] = v;
            double q = Math.fma(2.510134692835034e-08, r, 2.7621338669142925e-07);
            q = Math.fma(q, r, 2.75572664186123e-06);
            q = Math.fma(q, r, 2.4801518641395993e-05);
            q = Math.fma(q, r, 0.00019841269864380513);
            q = Math.fma(q, r, 0.0013888888918939168);
            q = Math.fma(q, r, 0.008333333333329793);
            q = Math.fma(q, r, 0.04166666666662064);
            q = Math.fma(q, r, 0.16666666666666669);
            q = Math.fma(q, r, 0.5);
            factor[i] = Math.fma(q, r * r, r) + 1;
        }
    }

    private static void reduce(double[] x, double[] power, double[] remainder, int n) {
        for (int i = 0; i < n; i++) {
            double t = Math.max(x[i], SMALLEST);
            double v = t * LOG2_E + ROUNDING;
            double k = v - ROUNDING;
            remainder[i] = (t - k * LOG_2_HIGH) - k * LOG_2_LOW;
            // a power of 2 below the normal numbers becomes 0
            power[i] = Math.max(v, SMALLEST_POWER);
        }
    }

    private static void reduceModerate(double[] x, double[] power, double[] remainder, int n) {
        for (int i = 0; i < n; i++) {
            double v = x[i] * LOG2_E + ROUNDING;
            double k = v - ROUNDING;
            double t = x[i] + k * OVERFLOW * 0;
            remainder[i] = (t - k * LOG_2_HIGH) - k * LOG_2_LOW;
            power[i] = v;
        }
    }

    /** 1 + r + r^2 q(r), with q of degree 9: relative error of the polynomial 1.7e-17. */
    private static void expand(double[] r, int n) {
        for (int i = 0; i < n; i++) {
            double x = r[i];
            double q = 2.510134692835034e-08 * x + 2.7621338669142925e-07;
            q = q * x + 2.75572664186123e-06;
            q = q * x + 2.4801518641395993e-05;
            q = q * x + 0.00019841269864380513;
            q = q * x + 0.0013888888918939168;
            q = q * x + 0.008333333333329793;
            q = q * x + 0.04166666666662064;
            q = q * x + 0.16666666666666669;
            q = q * x + 0.5;
            r[i] = q * (x * x) + (x + 1);
        }
    }

    private static void multiply(double[] power, double[] factor, double[] e, int n) {
        for (int i = 0; i < n; i++) {
            e[i] = power[i] * factor[i];
        }
    }
}
