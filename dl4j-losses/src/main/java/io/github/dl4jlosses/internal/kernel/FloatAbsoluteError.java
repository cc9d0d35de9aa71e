/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link AbsoluteErrorKernel} in float. */
final class FloatAbsoluteError extends FloatElementKernel {
    /** Its square makes more than 1 of any float above 0. */
    static final float LARGE = 0x1p100f;

    @Override
    public boolean isJudgedByLosses() {
        return true;
    }

    @Override
    boolean run(VectorForms forms, Run run, FloatFactor factor, Workspace workspace) {
        forms.absoluteErrors(run, factor);
        return true;
    }

    @Override
    boolean run(Run run, FloatFactor factor, Workspace workspace) {
        // one loop for both: either alone would take as long
        gradientsAndLosses(run.x, run.y, run.losses, run.padded, factor.high, factor.low);
        return true;
    }

    private static void gradientsAndLosses(float[] x, float[] t, float[] loss, int n, float high, float low) {
        for (int i = 0; i < n; i++) {
            float d = x[i] - t[i];
            // the sign, without a branch
            float sign = Math.max(-1, Math.min(d * LARGE * LARGE, 1));
            x[i] = FloatFactor.times(sign, high, low);
            loss[i] = Math.abs(d);
        }
    }
}
