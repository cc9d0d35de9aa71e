/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link SoftMarginKernel} in float. */
final class FloatSoftMargin extends FloatElementKernel {

    @Override
    boolean run(Run run, FloatFactor factor, Workspace workspace) {
        int n = run.padded;
        float[] z = workspace.floatA;
        float[] e = workspace.floatB;
        exponents(run.x, run.y, z, n);
        workspace.floatExponential.ofModerate(z, e, run.n);
        if (!Float.isFinite(workspace.floatSum.ofSizes(e, run.n))) {
            return false;
        }
        if (run.wantsLoss) {
            // log(1 + min(e, 1/e))
            ofSmaller(e, run.losses, n);
            FloatLogarithm.twiceAtanh(run.losses, n);
            addPositive(z, run.losses, n);
        }
        if (run.wantsGradient) {
            slopes(run.y, e, run.x, n);
            factor.times(run.x, run.x, n);
        }
        return true;
    }

    private static void exponents(float[] x, float[] t, float[] z, int n) {
        for (int i = 0; i < n; i++) {
            z[i] = -t[i] * x[i];
        }
    }

    /** f / (2 + f) for f = min(e, 1/e). */
    private static void ofSmaller(float[] e, float[] quotient, int n) {
        for (int i = 0; i < n; i++) {
            quotient[i] = Math.min(e[i], 1) / (1 + e[i] + Math.max(e[i], 1));
        }
    }

    /** Adds max(z, 0), in fewer instructions. */
    private static void addPositive(float[] z, float[] log, int n) {
        for (int i = 0; i < n; i++) {
            log[i] += (Math.abs(z[i]) + z[i]) * 0.5f;
        }
    }

    /** sigma(z) is e / (1 + e). */
    private static void slopes(float[] t, float[] e, float[] slope, int n) {
        for (int i = 0; i < n; i++) {
            slope[i] = -t[i] * (e[i] / (1 + e[i]));
        }
    }
}
