/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * log of many positive normal numbers, and log(1 + e) of many e in [0, 1], in loops that the JIT compiler vectorises.
 *
 * <p>log x = k log 2 + log m with m in [sqrt(1/2), sqrt 2), and log m = 2 atanh z with z = (m - 1) / (m + 1); likewise
 * log(1 + e) = 2 atanh(e / (2 + e)), which loses no digit of a small e. atanh z = z + z^3 p(z^2).
 */
final class Logarithm {
    private static final double LOG_2_HIGH = 0.6931471803691238;
    private static final double LOG_2_LOW = 1.9082149292705877e-10;
    private static final long ONE = 0x3FF0000000000000L;
    private static final long EXPONENT = 0xFFF0000000000000L;
    /** What brings the bits of sqrt(1/2) to those of 1. */
    private static final long FROM_SQRT_HALF = ONE - 0x3FE6A09E667F3BCDL;

    /** 2^52: its low bits hold an integer as it stands. */
    private static final long INTEGER = 0x4330000000000000L;

    private static final double INTEGER_AND_BIAS = 0x1p52 + 1023;

    private final double[] sum = new double[Workspace.CHUNK];
    private final double[] lost = new double[Workspace.CHUNK];
    private final double[] exponent = new double[Workspace.CHUNK];
    private final double[] mantissa = new double[Workspace.CHUNK];

    /**
     * Computes log.
     *
     * @param x at most {@link Workspace#CHUNK} positive normal numbers; for any other the result means nothing
     * @param log the results; may be {@code x} itself
     * @param n how many
     */
    void of(double[] x, double[] log, int n) {
        split(x, exponent, mantissa, n);
        quotient(mantissa, n);
        combine(exponent, mantissa, log, n);
    }

    private static void split(double[] x, double[] exponent, double[] mantissa, int n) {
        for (int i = 0; i < n; i++) {
            long bits = Double.doubleToRawLongBits(x[i]);
            long shifted = bits + FROM_SQRT_HALF;
            exponent[i] = Double.longBitsToDouble((shifted >>> 52) | INTEGER) - INTEGER_AND_BIAS;
            mantissa[i] = Double.longBitsToDouble(bits - (shifted & EXPONENT) + ONE);
        }
    }

    private static void quotient(double[] m, int n) {
        for (int i = 0; i < n; i++) {
            m[i] = (m[i] - 1) / (m[i] + 1);
        }
    }

    private static void combine(double[] k, double[] quotient, double[] log, int n) {
        for (int i = 0; i < n; i++) {
            double z = quotient[i];
            double w = z * z;
            double p = ((((((0.0731501568206143 * w + 0.07665308653371652) * w + 0.09091461256757971) * w
                                                                    + 0.11111105337119258)
                                                            * w
                                                    + 0.14285714314405498)
                                            * w
                                    + 0.1999999999994661)
                            * w
                    + 0.3333333333333335);
            log[i] = k[i] * LOG_2_HIGH + (2 * z + (2 * z * w * p + k[i] * LOG_2_LOW));
        }
    }

    /**
     * Computes log(1 + e).
     *
     * @param e at most {@link Workspace#CHUNK} numbers from 0 to 1; NaN stays NaN
     * @param log the results; not {@code e} itself
     * @param n how many
     */
    void ofOnePlus(double[] e, double[] log, int n) {
        quotientOfOnePlus(e, log, n);
        twiceAtanh(log, n);
    }

    /**
     * Computes log(1 + x).
     *
     * @param x at most {@link Workspace#CHUNK} numbers, none negative or infinite
     * @param log the results; may be {@code x} itself
     * @param n how many
     */
    void ofOnePlusAny(double[] x, double[] log, int n) {
        onePlus(x, sum, lost, n);
        of(sum, sum, n);
        add(sum, lost, log, n);
    }

    /** What is lost of x in 1 + x has the logarithm lost / (1 + x), to its last digit. */
    private static void onePlus(double[] x, double[] sum, double[] lost, int n) {
        for (int i = 0; i < n; i++) {
            double u = 1 + x[i];
            lost[i] = (x[i] - (u - 1)) / u;
            sum[i] = u;
        }
    }

    private static void add(double[] a, double[] b, double[] result, int n) {
        for (int i = 0; i < n; i++) {
            result[i] = a[i] + b[i];
        }
    }

    private static void quotientOfOnePlus(double[] e, double[] z, int n) {
        for (int i = 0; i < n; i++) {
            z[i] = e[i] / (2 + e[i]);
        }
    }

    private static void twiceAtanh(double[] z, int n) {
        for (int i = 0; i < n; i++) {
            double x = z[i];
            double w = x * x;
            double p = ((((((((((0.07863300921251588 * w + 0.03720642090315646) * w + 0.0542829682232303) * w
                                                                                                                                    + 0.058664326101330294)
                                                                                                                            * w
                                                                                                                    + 0.06667642032131833)
                                                                                                            * w
                                                                                                    + 0.0769226955962279)
                                                                                            * w
                                                                                    + 0.09090910016446695)
                                                                            * w
                                                                    + 0.11111111098045287)
                                                            * w
                                                    + 0.14285714285808662)
                                            * w
                                    + 0.19999999999999735)
                            * w
                    + 0.3333333333333333);
            z[i] = 2 * x + 2 * x * w * p;
        }
    }
}
