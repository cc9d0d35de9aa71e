/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** The square of the distance d = x - t. */
public final class SquaredErrorKernel extends ElementKernel {
    public SquaredErrorKernel() {
        super(null);
    }

    private static double loss(double d) {
        return d * d;
    }

    private static double gradient(double d) {
        return 2 * d;
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
