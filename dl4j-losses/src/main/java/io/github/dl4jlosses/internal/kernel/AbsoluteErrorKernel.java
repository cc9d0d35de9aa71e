/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** The distance |d| of x from t, with torch's sign for its gradient: 0 of 0, and of NaN too. */
public final class AbsoluteErrorKernel extends DistanceKernel {
    /** Its square makes more than 1 of any float above 0. */
    private static final float LARGE = 0x1p100f;

    public AbsoluteErrorKernel() {
        super(1, 1);
    }

    private static double loss(double d) {
        return Math.abs(d);
    }

    @Override
    double gradient(double d) {
        // comparisons with NaN are false
        return (d > 0 ? 1 : 0) - (d < 0 ? 1 : 0);
    }

    @Override
    void losses(double[] x, double[] t, double[] loss, int n) {
        for (int i = 0; i < n; i++) {
            loss[i] = loss(x[i] - t[i]);
        }
    }

    @Override
    void gradients(double[] x, double[] t, double[] gradient, int n, double scale) {
        for (int i = 0; i < n; i++) {
            gradient[i] = gradient(x[i] - t[i]) * scale;
        }
    }

    @Override
    void gradientsAndLosses(float[] x, float[] t, float[] loss, int n, float high, float low) {
        for (int i = 0; i < n; i++) {
            float d = x[i] - t[i];
            // the sign, without a branch
            float sign = Math.max(-1, Math.min(d * LARGE * LARGE, 1));
            x[i] = FloatFactor.times(sign, high, low);
            loss[i] = Math.abs(d);
        }
    }
}
