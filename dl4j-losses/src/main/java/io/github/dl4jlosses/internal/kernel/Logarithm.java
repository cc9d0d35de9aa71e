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
    private final boolean fused;
    private final FloatingBits bits;
    private final double[] sum = new double[Workspace.CHUNK];
    private final double[] lost = new double[Workspace.CHUNK];
    private final double[] exponent = new double[Workspace.CHUNK];
    private final double[] mantissa = new double[Workspace.CHUNK];

    /**
     * @param fused whether to use fused multiply-add
     * @param bits the thread's own
     */
    Logarithm(boolean fused, FloatingBits bits) {
        this.fused = fused;
        this.bits = bits;
    }

    /**
     * Computes log.
     *
     * @param x at most {@link Workspace#CHUNK} positive normal numbers; for others the result is meaningless
     * @param log the results; may be {@code x} itself
     * @param count how many; numbers after them may be overwritten
     */
    void of(double[] x, double[] log, int count) {
        int n = Workspace.padded(count, Math.min(x.length, log.length));
        bits.split(x, exponent, mantissa, n);
        quotient(mantissa, n);
        if (fused) {
            combineFused(exponent, mantissa, log, n);
        } else {
            combine(exponent, mantissa, log, n);
        }
    }

    private static void quotient(double[] m, int n) {
        for (int i = 0; i < n; i++) {
            m[i] = (m[i] - 1) / (m[i] + 1);
        }
    }

    private static void combineFused(double[] exponent, double[] quotient, double[] log, int n) {
        for (int i = 0; i < n; i++) {
            double k = exponent[i] - FloatingBits.EXPONENT_ZERO;
            double z = quotient[i];
            double w = z * z;
            double p = Math.fma(0.0731501568206143, w, 0.07665308653371652);
            p = Math.fma(p, w, 0.09091461256757971);
            p = Math.fma(p, w, 0.11111105337119258);
            p = Math.fma(p, w, 0.14285714314405498);
            p = Math.fma(p, w, 0.1999999999994661);
            p = Math.fma(p, w, 0.3333333333333335);
            log[i] = Math.fma(k, LOG_2_HIGH, 2 * z + Math.fma(2 * z * w, p, k * LOG_2_LOW));
        }
    }

    private static void combine(double[] exponent, double[] quotient, double[] log, int n) {
        for (int i = 0; i < n; i++) {
            double k = exponent[i] - FloatingBits.EXPONENT_ZERO;
            double z = quotient[i];
            double w = z * z;
            double p = 0.0731501568206143 * w + 0.07665308653371652;
            p = p * w + 0.09091461256757971;
            p = p * w + 0.11111105337119258;
            p = p * w + 0.14285714314405498;
            p = p * w + 0.1999999999994661;
            p = p * w + 0.3333333333333335;
            log[i] = k * LOG_2_HIGH + (2 * z + (2 * z * w * p + k * LOG_2_LOW));
        }
    }

    /**
     * Computes log(1 + x).
     *
     * @param x at most {@link Workspace#CHUNK} numbers, none negative or infinite
     * @param log the results; may be {@code x} itself
     * @param count how many; numbers after them may be overwritten
     */
    void ofOnePlus(double[] x, double[] log, int count) {
        int n = Workspace.padded(count, Math.min(x.length, log.length));
        onePlus(x, sum, lost, n);
        of(sum, sum, n);
        add(sum, lost, log, n);
    }

    /** The part of x that is lost in 1 + x adds lost / (1 + x) to the logarithm, exact to the last digit. */
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

    /** Replaces numbers z from 0 to 1/3 by log((1 + z) / (1 - z)), which is log(1 + e) for z = e / (2 + e). */
    void twiceAtanh(double[] z, int count) {
        int n = Workspace.padded(count, z.length);
        if (fused) {
            expandFused(z, n);
        } else {
            expand(z, n);
        }
    }

    private static void expandFused(double[] z, int n) {
        for (int i = 0; i < n; i++) {
            double x = z[i];
            double w = x * x;
            double p = Math.fma(0.07863300921251588, w, 0.03720642090315646);
            p = Math.fma(p, w, 0.0542829682232303);
            p = Math.fma(p, w, 0.058664326101330294);
            p = Math.fma(p, w, 0.06667642032131833);
            p = Math.fma(p, w, 0.0769226955962279);
            p = Math.fma(p, w, 0.09090910016446695);
            p = Math.fma(p, w, 0.11111111098045287);
            p = Math.fma(p, w, 0.14285714285808662);
            p = Math.fma(p, w, 0.19999999999999735);
            p = Math.fma(p, w, 0.3333333333333333);
            z[i] = Math.fma(2 * x * w, p, 2 * x);
        }
    }

    private static void expand(double[] z, int n) {
        for (int i = 0; i < n; i++) {
            double x = z[i];
            double w = x * x;
            double p = 0.07863300921251588 * w + 0.03720642090315646;
            p = p * w + 0.0542829682232303;
            p = p * w + 0.058664326101330294;
            p = p * w + 0.06667642032131833;
            p = p * w + 0.0769226955962279;
            p = p * w + 0.09090910016446695;
            p = p * w + 0.11111111098045287;
            p = p * w + 0.14285714285808662;
            p = p * w + 0.19999999999999735;
            p = p * w + 0.3333333333333333;
            z[i] = 2 * x + 2 * x * w * p;
        }
    }
}
