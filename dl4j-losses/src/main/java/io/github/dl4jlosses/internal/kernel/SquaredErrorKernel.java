/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** The square of the distance d = x - t. */
public final class SquaredErrorKernel extends DistanceKernel {
    private final FloatKernel inFloat = FusedMultiplyAdd.IS_FAST ? new FloatSquaredError() : null;

    @Override
    public FloatKernel inFloat() {
        return inFloat;
    }

    private static double loss(double d) {
        return d * d;
    }

    @Override
    double gradient(double d) {
        return 2 * d;
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
