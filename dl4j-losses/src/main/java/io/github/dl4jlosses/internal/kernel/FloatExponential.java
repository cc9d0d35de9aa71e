/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * exp of many moderate numbers in float, within 1 ulp, by the method of {@link Exponential}; needs fused multiply-add.
 */
final class FloatExponential {
    static final float ROUNDING = FloatingBits.FLOAT_ROUNDING;
    static final float LOG2_E = 1.442695f;
    /** log 2 in two parts; the first has so many trailing zeros that k times it is exact. */
    static final float LOG_2_HIGH = 0x1.63p-1f;

    static final float LOG_2_LOW = -2.1219444e-4f;
    /** k times it is infinite for |k| above 100, and 0 times that is NaN. */
    static final float OVERFLOW = Float.MAX_VALUE / 100;

    /** p(r) = r + r^2 (P1 + r (P2 + ..)). */
    static final float P1 = 0.5f;

    static final float P2 = 0.16666667f;
    static final float P3 = 0.041666463f;
    static final float P4 = 0.00833331f;
    static final float P5 = 0.0013933674f;
    static final float P6 = 1.9891017e-4f;

    private final FloatingBits bits;
    private final float[] power = new float[Workspace.CHUNK];
    private final float[] excess = new float[Workspace.CHUNK];

    /** @param bits the thread's own */
    FloatExponential(FloatingBits bits) {
        this.bits = bits;
    }

    /**
     * Computes exp.
     *
     * @param x at most {@link Workspace#CHUNK} numbers
     * @param e the results, NaN for every x that is not within about 69 of 0; may be {@code x} itself
     * @param count how many; what lies behind them is overwritten as well
     */
    void ofModerate(float[] x, float[] e, int count) {
        int n = Workspace.padded(count, Math.min(x.length, e.length));
        expand(x, power, excess, n);
        bits.toPowersOfTwo(power, n);
        multiply(power, excess, e, n);
    }

    /**
     * {@link #ofModerate(float[], float[], int)}, and what the rounding of the results loses.
     *
     * @param rest of an array's usual length
     */
    void ofModerate(float[] x, float[] e, float[] rest, int count) {
        int n = Workspace.padded(count, Math.min(x.length, e.length));
        expand(x, power, excess, n);
        bits.toPowersOfTwo(power, n);
        multiply(power, excess, e, rest, n);
    }

    /** exp(x) = 2^k (1 + p). */
    private static void expand(float[] x, float[] power, float[] p, int n) {
        for (int i = 0; i < n; i++) {
            float v = Math.fma(x[i], LOG2_E, ROUNDING);
            float k = v - ROUNDING;
            float t = Math.fma(k * OVERFLOW, 0, x[i]);
            float r = Math.fma(k, -LOG_2_LOW, Math.fma(k, -LOG_2_HIGH, t));
            power[i] = v;
            float q = Math.fma(P6, r, P5);
            q = Math.fma(q, r, P4);
            q = Math.fma(q, r, P3);
            q = Math.fma(q, r, P2);
            q = Math.fma(q, r, P1);
            p[i] = Math.fma(q, r * r, r);
        }
    }

    private static void multiply(float[] power, float[] p, float[] e, int n) {
        for (int i = 0; i < n; i++) {
            e[i] = power[i] * (p[i] + 1);
        }
    }

    private static void multiply(float[] power, float[] p, float[] e, float[] rest, int n) {
        for (int i = 0; i < n; i++) {
            float factor = p[i] + 1;
            rest[i] = power[i] * (p[i] - (factor - 1));
            e[i] = power[i] * factor;
        }
    }
}
