/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * A {@link DistanceKernel} in float, with what the rounding of the distance loses. Its loops are short: a longer one the JIT
 * compiler leaves without vector instructions.
 */
abstract class FloatDistanceKernel extends FloatElementKernel {
    @Override
    public final boolean isJudgedByLosses() {
        return true;
    }

    @Override
    final boolean run(Run run, FloatFactor factor, Workspace workspace) {
        float[] held = workspace.floatA;
        subtract(run.x, run.y, run.padded);
        losses(run.x, run.y, held, run.losses, run.padded);
        if (run.wantsGradient) {
            gradients(run.x, run.y, held, run.padded, factor.high, factor.low);
        }
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

    /** @param held room for what the gradients use as well */
    abstract void losses(float[] d, float[] lost, float[] held, float[] loss, int n);

    /** Replaces distances by gradients. */
    abstract void gradients(float[] d, float[] lost, float[] held, int n, float high, float low);
}
