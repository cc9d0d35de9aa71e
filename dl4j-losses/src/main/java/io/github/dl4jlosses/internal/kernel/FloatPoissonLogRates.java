/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link PoissonNLLKernel} of logarithms x of rates in float, without Stirling's approximation: exp(x) - t x. */
final class FloatPoissonLogRates extends FloatElementKernel {
    @Override
    public boolean isJudgedByLosses() {
        return true;
    }

    @Override
    boolean run(VectorForms forms, Run run, FloatFactor factor, Workspace workspace) {
        forms.poissonLogRates(run, factor);
        return true;
    }

    @Override
    boolean run(Run run, FloatFactor factor, Workspace workspace) {
        int n = run.padded;
        float[] e = workspace.floatA;
        float[] rest = workspace.floatB;
        workspace.floatExponential.ofModerate(run.x, e, rest, run.n);
        losses(run.x, run.y, e, rest, run.losses, n);
        if (run.wantsGradient) {
            slopes(run.y, e, rest, n);
            FloatFactor.multiply(e, rest, run.x, n, factor.high, factor.low);
        }
        return true;
    }

    private static void losses(float[] x, float[] t, float[] e, float[] rest, float[] loss, int n) {
        for (int i = 0; i < n; i++) {
            loss[i] = Math.fma(-t[i], x[i], e[i]) + rest[i];
        }
    }

    /** Replaces e by e - t, and its rest by what that lacks. */
    private static void slopes(float[] t, float[] e, float[] rest, int n) {
        for (int i = 0; i < n; i++) {
            float slope = e[i] - t[i];
            float taken = slope - e[i];
            rest[i] += (e[i] - (slope - taken)) - (t[i] + taken);
            e[i] = slope;
        }
    }
}
