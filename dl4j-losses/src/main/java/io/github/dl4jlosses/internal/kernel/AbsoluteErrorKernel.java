/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** The distance |d| of x from t, with torch's sign for its gradient: 0 of 0, and of NaN too. */
public final class AbsoluteErrorKernel extends ElementKernel {
    public AbsoluteErrorKernel() {
        super(null);
    }

    private static double loss(double d) {
        return Math.abs(d);
    }

    private static double gradient(double d) {
        // comparisons with NaN are false
        return (d > 0 ? 1 : 0) - (d < 0 ? 1 : 0);
    }

    @Override
    double targetGradient(double x, double t, int output, double factor) {
        return -gradient(x - t) * factor;
    }

    @Override
    void run(Run run, double scale, Workspace workspace) {
        if (run.wantsLoss) {
            losses(run.x, run.y, run.loss, run.padded);
        }
        if (run.gradient != null) {
            gradients(run.x, run.y, run.gradient, run.padded, scale);
        }
    }

    private static void losses(double[] x, double[] t, double[] loss, int n) {
        for (int i = 0; i < n; i++) {
            loss[i] = loss(x[i] - t[i]);
        }
    }

    private static void gradients(double[] x, double[] t, double[] gradient, int n, double scale) {
        for (int i = 0; i < n; i++) {
            gradient[i] = gradient(x[i] - t[i]) * scale;
        }
    }
}
