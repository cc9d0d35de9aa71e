/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The distance d = x - t, squared where it is small: d^2 / (2 beta) where |d| is below beta, and |d| - beta / 2 beyond.
 *
 * <p>Both are m (|d| - m / 2) / beta with m = min(|d|, beta), and the gradient is d clamped to [-beta, beta], divided
 * by beta: those of {@link HuberKernel} divided by beta. For a beta near 0 or infinity the square is computed as |d| /
 * 2 times |d| / beta, which is at most 1, so that nothing underflows. NaN and infinities give torch's results.
 */
public final class SmoothL1Kernel extends DistanceKernel {
    /** The bound of |log beta| within which the reciprocal of beta has all its digits. */
    private static final double LARGEST_LOG = 600;

    private final double beta;
    private final boolean isUsual;
    private final FloatKernel inFloat;

    /** @param beta the distance at which the loss becomes linear, above 0 */
    public SmoothL1Kernel(double beta) {
        this.beta = beta;
        this.isUsual = Math.abs(Math.log(beta)) < LARGEST_LOG;
        this.inFloat = FusedMultiplyAdd.IS_FAST && FloatFactor.isSafe(beta) ? new FloatHuber(beta, 1 / beta) : null;
    }

    @Override
    public FloatKernel inFloat() {
        return inFloat;
    }

    private double loss(double d) {
        double size = Math.abs(d);
        return size < beta ? 0.5 * size * (size / beta) : size - 0.5 * beta;
    }

    @Override
    double gradient(double d) {
        return Math.abs(d) < beta ? d / beta : Math.signum(d);
    }

    @Override
    void losses(double[] x, double[] t, double[] loss, int n) {
        if (isUsual) {
            held(x, t, loss, n, 1 / beta);
        } else {
            for (int i = 0; i < n; i++) {
                loss[i] = loss(x[i] - t[i]);
            }
        }
    }

    private void held(double[] x, double[] t, double[] loss, int n, double inverse) {
        for (int i = 0; i < n; i++) {
            double size = Math.abs(x[i] - t[i]);
            double m = Math.min(size, beta);
            loss[i] = m * (size - 0.5 * m) * inverse;
        }
    }

    @Override
    void gradients(double[] x, double[] t, double[] gradient, int n, double scale) {
        if (isUsual) {
            heldSlopes(x, t, gradient, n, scale / beta);
        } else {
            for (int i = 0; i < n; i++) {
                gradient[i] = gradient(x[i] - t[i]) * scale;
            }
        }
    }

    private void heldSlopes(double[] x, double[] t, double[] gradient, int n, double factor) {
        for (int i = 0; i < n; i++) {
            gradient[i] = Math.max(-beta, Math.min(x[i] - t[i], beta)) * factor;
        }
    }
}
