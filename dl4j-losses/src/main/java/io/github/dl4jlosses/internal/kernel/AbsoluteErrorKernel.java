/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** The distance |d| of x from t; the gradient is torch's sign, which is 0 for 0 and for NaN. */
public final class AbsoluteErrorKernel extends DistanceKernel {
    private final FloatKernel inFloat = FusedMultiplyAdd.IS_FAST ? new FloatAbsoluteError() : null;

    @Override
    public FloatKernel inFloat() {
        return inFloat;
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
}
