/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link SoftMarginKernel} in float. */
final class FloatSoftMargin extends FloatElementKernel {

    @Override
    boolean run(VectorForms forms, Run run, FloatFactor factor, Workspace workspace) {
        return forms.softMargins(run, factor, workspace);
    }

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
            float[] rest = workspace.floatC;
            sigmoids(e, rest, n);
            gradients(run.y, e, rest, run.x, n, factor.high, factor.low);
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

    /** Replaces e by e / (1 + e), with the rest that its roundings leave. */
    private static void sigmoids(float[] e, float[] rest, int n) {
        for (int i = 0; i < n; i++) {
            float sum = 1 + e[i];
            float added = sum - 1;
            float lost = (1 - (sum - added)) + (e[i] - added);
            float inverse = 1 / sum;
            float q = e[i] * inverse;
            rest[i] = Math.fma(-q, lost, Math.fma(-q, sum, e[i])) * inverse;
            e[i] = q;
        }
    }

    private static void gradients(
            float[] t, float[] sigmoid, float[] rest, float[] gradient, int n, float high, float low) {
        for (int i = 0; i < n; i++) {
            float slope = -t[i] * sigmoid[i];
            gradient[i] = Math.fma(slope, high, Math.fma(slope, low, -t[i] * rest[i] * high));
        }
    }
}
