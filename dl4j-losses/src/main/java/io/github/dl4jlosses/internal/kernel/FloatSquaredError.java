/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link SquaredErrorKernel} in float. */
final class FloatSquaredError extends FloatDistanceKernel {
    @Override
    double slopeFactor() {
        return 2;
    }

    @Override
    boolean run(VectorForms forms, Run run, FloatFactor factor, Workspace workspace) {
        forms.squaredErrors(run, factor);
        return true;
    }

    @Override
    void losses(float[] d, float[] lost, float[] held, float[] loss, int n) {
        for (int i = 0; i < n; i++) {
            loss[i] = Math.fma(d[i], d[i], 2 * d[i] * lost[i]);
        }
    }

    @Override
    void gradients(float[] d, float[] lost, float[] held, int n, float high, float low) {
        FloatFactor.multiply(d, lost, d, n, high, low);
    }
}
