/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link Logarithm} in float, within 2 ulp, by the same method; needs fused multiply-add. */
final class FloatLogarithm {
    /** log 2 in two parts; the first has so many trailing zeros that k times it is exact. */
    static final float LOG_2_HIGH = 0x1.63p-1f;

    static final float LOG_2_LOW = -2.1219444e-4f;

    /** Of (log((1 + z) / (1 - z)) - 2 z) / (2 z^3) as a polynomial in z^2, for |z| below 0.1716. */
    static final float L1 = 0.33333388f;

    static final float L2 = 0.19988787f;
    static final float L3 = 0.14935468f;
    /** Likewise, for z from 0 to 1/3. */
    static final float A1 = 0.33333337f;

    static final float A2 = 0.19999444f;
    static final float A3 = 0.14308298f;
    static final float A4 = 0.107153706f;
    static final float A5 = 0.12144779f;
    /** Of (log(1 + e) - e) / e^2 as a polynomial in e, for e from 0 to 1. */
    static final float S0 = -0.49999988f;

    static final float S1 = 0.33332714f;
    static final float S2 = -0.24988864f;
    static final float S3 = 0.19899623f;
    static final float S4 = -0.16135171f;
    static final float S5 = 0.124795295f;
    static final float S6 = -0.08323895f;
    static final float S7 = 0.042114824f;
    static final float S8 = -0.013691671f;
    static final float S9 = 0.0020845444f;

    private final FloatingBits bits;
    private final float[] exponent = new float[Workspace.CHUNK];

    /** @param bits the thread's own */
    FloatLogarithm(FloatingBits bits) {
        this.bits = bits;
    }

    /**
     * Computes log.
     *
     * @param x at most {@link Workspace#CHUNK} positive normal numbers; for any other the result means nothing
     * @param log the results; may be {@code x} itself
     * @param count how many; what lies behind them is overwritten as well
     */
    void of(float[] x, float[] log, int count) {
        int n = Workspace.padded(count, Math.min(x.length, log.length));
        bits.split(x, exponent, log, n);
        quotients(log, n);
        combine(exponent, log, n);
    }

    private static void quotients(float[] m, int n) {
        for (int i = 0; i < n; i++) {
            m[i] = (m[i] - 1) / (m[i] + 1);
        }
    }

    private static void combine(float[] exponent, float[] quotient, int n) {
        for (int i = 0; i < n; i++) {
            float k = exponent[i] - FloatingBits.FLOAT_EXPONENT_ZERO;
            float z = quotient[i];
            float w = z * z;
            float p = Math.fma(L3, w, L2);
            p = Math.fma(p, w, L1);
            quotient[i] = Math.fma(k, LOG_2_HIGH, 2 * z + Math.fma(2 * z * w, p, k * LOG_2_LOW));
        }
    }

    /** Replaces numbers z from 0 to 1/3 by log((1 + z) / (1 - z)), which is log(1 + e) for z = e / (2 + e). */
    static void twiceAtanh(float[] z, int n) {
        for (int i = 0; i < n; i++) {
            float x = z[i];
            float w = x * x;
            float p = Math.fma(A5, w, A4);
            p = Math.fma(p, w, A3);
            p = Math.fma(p, w, A2);
            p = Math.fma(p, w, A1);
            z[i] = Math.fma(2 * x * w, p, 2 * x);
        }
    }

    /** log(1 + e) of e from 0 to 1, without a division, within 1.1 ulp. */
    static float ofOnePlus(float e) {
        float q = Math.fma(S9, e, S8);
        q = Math.fma(q, e, S7);
        q = Math.fma(q, e, S6);
        q = Math.fma(q, e, S5);
        q = Math.fma(q, e, S4);
        q = Math.fma(q, e, S3);
        q = Math.fma(q, e, S2);
        q = Math.fma(q, e, S1);
        q = Math.fma(q, e, S0);
        return Math.fma(q, e * e, e);
    }
}
