/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link PoissonNLLKernel} in float, without Stirling's approximation. */
abstract class FloatPoissonNLL extends FloatElementKernel {
    private FloatPoissonNLL() {}

    /** Of logarithms x of rates: exp(x) - t x. */
    static FloatKernel ofLogarithms() {
        return new OfLogarithms();
    }

    /** Of rates x: x - t log(x + eps). */
    static FloatKernel ofRates(double eps) {
        return new OfRates((float) eps);
    }

    private static final class OfLogarithms extends FloatPoissonNLL {
        @Override
        boolean run(Run run, FloatFactor factor, Workspace workspace) {
            float[] e = workspace.floatA;
            float[] slope = workspace.floatB;
            workspace.floatExponential.ofModerate(run.x, e, run.n);
            slopes(run.y, e, slope, run.padded);
            // exponentials are below 1e30, so larger counts show
            if (!(workspace.floatSum.ofSizes(slope, run.n) < 1e34f)) {
                return false;
            }
            if (run.wantsLoss) {
                losses(run.x, run.y, e, run.losses, run.padded);
            }
            if (run.wantsGradient) {
                factor.times(slope, run.x, run.padded);
            }
            return true;
        }

        private static void losses(float[] x, float[] t, float[] e, float[] loss, int n) {
            for (int i = 0; i < n; i++) {
                loss[i] = Math.fma(-t[i], x[i], e[i]);
            }
        }

        private static void slopes(float[] t, float[] e, float[] slope, int n) {
            for (int i = 0; i < n; i++) {
                slope[i] = e[i] - t[i];
            }
        }
    }

    private static final class OfRates extends FloatPoissonNLL {
        /** Times it a number above 3.4e35 is infinite, and 0 times that is NaN. */
        private static final float OVERFLOW = 1000;

        private final float eps;

        OfRates(float eps) {
            this.eps = eps;
        }

        @Override
        boolean run(Run run, FloatFactor factor, Workspace workspace) {
            int n = run.padded;
            float[] shifted = workspace.floatA;
            float[] slope = workspace.floatB;
            float[] work = workspace.floatC;
            shift(run.x, eps, shifted, n);
            slopes(run.y, shifted, slope, n);
            unusual(shifted, slope, work, n);
            if (workspace.floatSum.ofSizes(work, run.n) != 0) {
                return false;
            }
            if (run.wantsLoss) {
                workspace.floatLogarithm.of(shifted, work, run.n);
                losses(run.x, run.y, work, run.losses, n);
            }
            if (run.wantsGradient) {
                factor.times(slope, run.x, n);
            }
            return true;
        }

        private static void shift(float[] x, float eps, float[] shifted, int n) {
            for (int i = 0; i < n; i++) {
                shifted[i] = x[i] + eps;
            }
        }

        /** 0 of positive normal rates and moderate slopes. */
        private static void unusual(float[] shifted, float[] slope, float[] below, int n) {
            for (int i = 0; i < n; i++) {
                below[i] = Math.min(shifted[i] - Float.MIN_NORMAL, 0) + (shifted[i] + slope[i]) * OVERFLOW * 0;
            }
        }

        private static void losses(float[] x, float[] t, float[] log, float[] loss, int n) {
            for (int i = 0; i < n; i++) {
                loss[i] = Math.fma(-t[i], log[i], x[i]);
            }
        }

        private static void slopes(float[] t, float[] shifted, float[] slope, int n) {
            for (int i = 0; i < n; i++) {
                slope[i] = 1 - t[i] / shifted[i];
            }
        }
    }
}
