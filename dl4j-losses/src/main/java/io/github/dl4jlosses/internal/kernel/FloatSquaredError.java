/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link SquaredErrorKernel} in float, with what the rounding of the distance loses. */
final class FloatSquaredError extends FloatElementKernel {
    @Override
    public boolean isJudgedByLosses() {
        return true;
    }

    @Override
    double slopeFactor() {
        return 2;
    }

    @Override
    boolean run(Run run, FloatFactor factor, Workspace workspace) {
        subtract(run.x, run.y, run.padded);
        // one loop for both: either alone would take as long
        gradientsAndLosses(run.x, run.y, run.losses, run.padded, factor.high, factor.low);
        return true;
    }

    /** Replaces inputs by distances, and targets by what their rounding loses. */
    private static void subtract(float[] x, float[] t, int n) {
        for (int i = 0; i < n; i++) {
            float d = x[i] - t[i];
            float taken = d - x[i];
            t[i] = (x[i] - (d - taken)) - (t[i] + taken);
            x[i] = d;
        }
    }

    private static void gradientsAndLosses(float[] d, float[] lost, float[] loss, int n, float high, float low) {
        for (int i = 0; i < n; i++) {
            loss[i] = Math.fma(d[i], d[i], 2 * d[i] * lost[i]);
            d[i] = Math.fma(d[i], high, Math.fma(d[i], low, lost[i] * high));
        }
    }
}
