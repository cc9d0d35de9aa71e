/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The distance d = x - t, squared where it is small: d^2 / (2 beta) where |d| is below beta, and |d| - beta / 2 beyond.
 *
 * <p>The square is formed as |d| / 2 times |d| / beta, at most 1, so that it underflows for no beta. NaN and infinities come
 * out as in torch.
 */
public final class SmoothL1Kernel extends ElementKernel {
    private final double beta;

    /** @param beta the distance from which on the loss is linear, above 0 */
    public SmoothL1Kernel(double beta) {
        super(null);
        this.beta = beta;
    }

    private static double loss(double d, double beta) {
        double size = Math.abs(d);
        return size < beta ? 0.5 * size * (size / beta) : size - 0.5 * beta;
    }

    private static double gradient(double d, double beta) {
        return Math.abs(d) < beta ? d / beta : Math.signum(d);
    }

    @Override
    double targetGradient(double x, double t, int output, double factor) {
        return -gradient(x - t, beta) * factor;
    }

    @Override
    void run(Run run, double scale, Workspace workspace) {
        if (run.wantsLoss) {
            losses(run.x, run.y, run.loss, run.padded, beta);
        }
        if (run.gradient != null) {
            gradients(run.x, run.y, run.gradient, run.padded, beta, scale);
        }
    }

    private static void losses(double[] x, double[] t, double[] loss, int n, double beta) {
        for (int i = 0; i < n; i++) {
            loss[i] = loss(x[i] - t[i], beta);
        }
    }

    private static void gradients(double[] x, double[] t, double[] gradient, int n, double beta, double scale) {
        for (int i = 0; i < n; i++) {
            gradient[i] = gradient(x[i] - t[i], beta) * scale;
        }
    }
}
