/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * exp of many numbers that are not positive, within 2 ulp, in loops that the JIT compiler turns into vector instructions.
 *
 * <p>exp(x) = 2^k exp(r) with k = rint(x / log 2) and |r| at most log(2)/2. Adding 1.5 * 2^52 rounds to the integer k and
 * leaves it in the low bits, which the last loop moves into the exponent. Three loops, since a long body is not
 * vectorised; no index but the loop's own, for the same reason.
 */
final class Exponential {
    private static final double ROUNDING = 0x1.8p52;
    private static final double LOG2_E = 1.4426950408889634;
    /** log 2 in two parts; the first has so many trailing zeros that k times it is exact. */
    private static final double LOG_2_HIGH = 0.6931471803691238;

    private static final double LOG_2_LOW = 1.9082149292705877e-10;
    /** Below it the result is 0; the exact one is no normal number any more. */
    private static final double SMALLEST = -745;

    private static final double SMALLEST_POWER = ROUNDING - 1023;

    private final double[] power = new double[Workspace.CHUNK];
    private final double[] remainder = new double[Workspace.CHUNK];

    /**
     * Computes exp.
     *
     * @param x at most {@link Workspace#CHUNK} numbers, none positive; NaN stays NaN
     * @param e the results; may be {@code x} itself
     * @param n how many
     */
    void of(double[] x, double[] e, int n) {
        reduce(x, power, remainder, n);
        expand(remainder, n);
        scale(power, remainder, e, n);
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

    /** 1 + r + r^2 q(r), with q of degree 9: relative error of the polynomial 1.7e-17. */
    private static void expand(double[] r, int n) {
        for (int i = 0; i < n; i++) {
            double x = r[i];
            r[i] = (((((((((2.510134692835034e-08 * x + 2.7621338669142925e-07) * x + 2.75572664186123e-06) * x
                                                                                                                                    + 2.4801518641395993e-05)
                                                                                                                            * x
                                                                                                                    + 0.00019841269864380513)
                                                                                                            * x
                                                                                                    + 0.0013888888918939168)
                                                                                            * x
                                                                                    + 0.008333333333329793)
                                                                            * x
                                                                    + 0.04166666666662064)
                                                            * x
                                                    + 0.16666666666666669)
                                            * x
                                    + 0.5)
                            * (x * x)
                    + (x + 1);
        }
    }

    private static void scale(double[] power, double[] p, double[] e, int n) {
        for (int i = 0; i < n; i++) {
            e[i] = p[i] * Double.longBitsToDouble((Double.doubleToRawLongBits(power[i]) + 1023L) << 52);
        }
    }
}
