/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * {@link HuberKernel} and {@link SmoothL1Kernel} in float: with s, the distance d held at a threshold, the loss is f s (d - s /
 * 2) and the gradient f s. For Huber's f is 1, for the other 1 / threshold.
 */
final class FloatHuber extends FloatDistanceKernel {
    /** Added to what lies beyond the threshold, times this, the distance and the threshold are lost to rounding. */
    static final float SWALLOWING = 0x1p48f;

    private final double f;
    final float threshold;
    /** What the rounding of the threshold loses. */
    final float rest;

    FloatHuber(double threshold, double f) {
        this.f = f;
        this.threshold = (float) threshold;
        this.rest = (float) (threshold - this.threshold);
    }

    @Override
    double slopeFactor() {
        return f;
    }

    /** Whether neither the slope nor the threshold has a rest. */
    boolean isPlain() {
        return f == 1 && rest == 0;
    }

    /** What the rest of the threshold is to the threshold. */
    float restOfHeld() {
        return rest / threshold;
    }

    float slope() {
        return (float) f;
    }

    /** What the rounding of the slope loses. */
    float slopeRest() {
        return (float) (f - (float) f);
    }

    /** How fast the loss beyond the threshold grows with what the threshold lacks. */
    float growth() {
        return (float) (rest * f);
    }

    @Override
    boolean run(VectorForms forms, Run run, FloatFactor factor, Workspace workspace) {
        forms.huber(run, factor, this, workspace);
        return true;
    }

    @Override
    void losses(float[] d, float[] lost, float[] held, float[] loss, int n) {
        holdBelow(d, held, n, threshold);
        holdAbove(held, n, -threshold);
        if (isPlain()) {
            ofUnitSlope(d, lost, held, loss, n);
        } else {
            losses(d, lost, held, loss, n, slope(), slopeRest(), growth());
        }
    }

    /**
     * The smaller of each distance and a limit. {@link Math#min} would leave it to the numbers that a JVM has seen whether the
     * JIT compiler makes vectors of it, and takes longer, for it has to mind NaN.
     */
    private static void holdBelow(float[] d, float[] held, int n, float limit) {
        for (int i = 0; i < n; i++) {
            float excess = d[i] - limit;
            float beyond = (excess + Math.abs(excess)) * SWALLOWING;
            held[i] = ((d[i] + beyond) - beyond) + (limit - ((limit + beyond) - beyond));
        }
    }

    private static void holdAbove(float[] held, int n, float limit) {
        for (int i = 0; i < n; i++) {
            float excess = held[i] - limit;
            float beyond = (excess - Math.abs(excess)) * SWALLOWING;
            held[i] = ((held[i] + beyond) - beyond) + (limit - ((limit + beyond) - beyond));
        }
    }

    /** In fewer instructions, where neither the slope nor the threshold has a rest. */
    private static void ofUnitSlope(float[] d, float[] lost, float[] held, float[] loss, int n) {
        for (int i = 0; i < n; i++) {
            float s = held[i];
            loss[i] = Math.fma(s, d[i] - 0.5f * s, s * lost[i]);
        }
    }

    private static void losses(
            float[] d, float[] lost, float[] held, float[] loss, int n, float f, float low, float growth) {
        for (int i = 0; i < n; i++) {
            float s = held[i];
            float slope = Math.fma(s, f, s * low);
            loss[i] = Math.fma(slope, d[i] - 0.5f * s, slope * lost[i] + Math.abs(d[i] - s) * growth);
        }
    }

    @Override
    void gradients(float[] d, float[] lost, float[] held, int n, float high, float low) {
        if (isPlain()) {
            // torch's own two roundings, and so never further from the exact gradient
            multiply(held, d, n, high);
        } else {
            lack(d, lost, held, n, restOfHeld());
            FloatFactor.multiply(held, lost, d, n, high, low);
        }
    }

    private static void multiply(float[] held, float[] gradient, int n, float scale) {
        for (int i = 0; i < n; i++) {
            gradient[i] = held[i] * scale;
        }
    }

    /** What held distances lack: within the threshold what distances lack, beyond it the rest of the threshold. */
    private static void lack(float[] d, float[] lost, float[] held, int n, float rest) {
        for (int i = 0; i < n; i++) {
            float beyond = (d[i] - held[i]) * SWALLOWING;
            float lack = held[i] * rest;
            lost[i] = ((lost[i] - lack + beyond) - beyond) + lack;
        }
    }
}
