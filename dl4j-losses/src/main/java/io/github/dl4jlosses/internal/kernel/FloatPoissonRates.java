/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link PoissonNLLKernel} of rates x in float, without Stirling's approximation: x - t log(x + eps). */
final class FloatPoissonRates extends FloatElementKernel {
    /** Times it a number above 3.4e35 is infinite, and 0 times that is NaN. */
    static final float OVERFLOW = 1000;

    private final float eps;
    private final float epsLow;

    FloatPoissonRates(double eps) {
        this.eps = (float) eps;
        this.epsLow = (float) (eps - this.eps);
    }

    @Override
    boolean run(VectorForms forms, Run run, FloatFactor factor, Workspace workspace) {
        return forms.poissonRates(run, factor, workspace, eps, epsLow);
    }

    @Override
    boolean run(Run run, FloatFactor factor, Workspace workspace) {
        int n = run.padded;
        float[] shifted = workspace.floatA;
        float[] rest = workspace.floatB;
        float[] quotient = workspace.floatC;
        float[] work = workspace.floatD;
        shift(run.x, shifted, rest, n, eps, epsLow);
        divide(run.y, shifted, rest, quotient, n);
        unusual(shifted, quotient, work, n);
        if (workspace.floatSum.ofSizes(work, run.n) != 0) {
            return false;
        }
        if (run.wantsLoss) {
            workspace.floatLogarithm.of(shifted, work, run.n);
            losses(run.x, run.y, work, run.losses, n);
        }
        if (run.wantsGradient) {
            gradients(quotient, rest, run.x, n, factor.high, factor.low);
        }
        return true;
    }

    /** x + eps, and the rest that its rounding leaves. */
    private static void shift(float[] x, float[] shifted, float[] rest, int n, float eps, float epsLow) {
        for (int i = 0; i < n; i++) {
            float sum = x[i] + eps;
            float added = sum - x[i];
            rest[i] = (x[i] - (sum - added)) + (eps - added) + epsLow;
            shifted[i] = sum;
        }
    }

    /** t / (x + eps), and the rest that its rounding leaves. */
    private static void divide(float[] t, float[] shifted, float[] rest, float[] quotient, int n) {
        for (int i = 0; i < n; i++) {
            float inverse = 1 / shifted[i];
            float q = t[i] * inverse;
            rest[i] = Math.fma(-q, rest[i], Math.fma(-q, shifted[i], t[i])) * inverse;
            quotient[i] = q;
        }
    }

    /** 0 of positive normal rates and moderate quotients. */
    private static void unusual(float[] shifted, float[] quotient, float[] below, int n) {
        for (int i = 0; i < n; i++) {
            below[i] = Math.min(shifted[i] - Float.MIN_NORMAL, 0) + (shifted[i] + quotient[i]) * OVERFLOW * 0;
        }
    }

    private static void losses(float[] x, float[] t, float[] log, float[] loss, int n) {
        for (int i = 0; i < n; i++) {
            loss[i] = Math.fma(-t[i], log[i], x[i]);
        }
    }

    /** 1 - t / (x + eps), with what its rounding loses, times a factor. */
    private static void gradients(float[] quotient, float[] rest, float[] gradient, int n, float high, float low) {
        for (int i = 0; i < n; i++) {
            float slope = 1 - quotient[i];
            float lost = (1 - slope) - quotient[i] - rest[i];
            gradient[i] = Math.fma(slope, high, Math.fma(slope, low, lost * high));
        }
    }
}
