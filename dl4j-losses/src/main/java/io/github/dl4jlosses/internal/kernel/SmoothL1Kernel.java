/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The distance d = x - t, squared where it is small: d^2 / (2 beta) where |d| is below beta, and |d| - beta / 2 beyond.
 *
 * <p>The square is formed as |d| / 2 times |d| / beta, at most 1, so that it underflows for no beta. NaN and infinities come
 * out as in torch.
 */
public final class SmoothL1Kernel extends DistanceKernel {
    private final double beta;
    private final FloatFactor halfCurvature;

    /** @param beta the distance from which on the loss is linear, above 0 */
    public SmoothL1Kernel(double beta) {
        super(1 / beta, beta);
        this.beta = beta;
        this.halfCurvature = new FloatFactor(0.5 / beta);
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
        if (Double.isInfinite(beta)) {
            for (int i = 0; i < n; i++) {
                loss[i] = loss(x[i] - t[i]);
            }
        } else {
            squares(x, t, loss, n);
            addLines(x, t, loss, n);
        }
    }

    /**
     * The losses below beta, and 0 beyond. With {@link #addLines} they are those of {@link #loss}, bit by bit, without a branch
     * that no processor could foretell; in loops so short that they become vector instructions.
     */
    private void squares(double[] x, double[] t, double[] loss, int n) {
        for (int i = 0; i < n; i++) {
            loss[i] = isAboveZero(beta - Math.abs(x[i] - t[i]));
        }
        for (int i = 0; i < n; i++) {
            double m = Math.min(Math.abs(x[i] - t[i]), beta);
            loss[i] *= 0.5 * m * (m / beta);
        }
    }

    private void addLines(double[] x, double[] t, double[] loss, int n) {
        for (int i = 0; i < n; i++) {
            double size = Math.abs(x[i] - t[i]);
            loss[i] += (1 - isAboveZero(beta - size)) * (size - 0.5 * beta);
        }
    }

    @Override
    void gradients(double[] x, double[] t, double[] gradient, int n, double scale) {
        if (Double.isInfinite(beta)) {
            for (int i = 0; i < n; i++) {
                gradient[i] = gradient(x[i] - t[i]) * scale;
            }
        } else {
            held(x, t, gradient, n, scale);
        }
    }

    /** The same bits: beta / beta is 1. */
    private void held(double[] x, double[] t, double[] gradient, int n, double scale) {
        for (int i = 0; i < n; i++) {
            gradient[i] = Math.max(-beta, Math.min(x[i] - t[i], beta)) / beta * scale;
        }
    }

    @Override
    void gradientsAndLosses(float[] x, float[] t, float[] loss, int n, float high, float low) {
        gradientsAndLosses(x, t, loss, n, high, low, (float) beta, halfCurvature.high, halfCurvature.low);
    }

    private static void gradientsAndLosses(
            float[] x, float[] t, float[] loss, int n, float high, float low, float beta, float half, float rest) {
        for (int i = 0; i < n; i++) {
            float d = x[i] - t[i];
            float slope = Math.max(-beta, Math.min(d, beta));
            float m = Math.abs(slope);
            x[i] = FloatFactor.times(slope, high, low);
            loss[i] = Math.fma(m, Math.fma(m, half, m * rest), Math.abs(d) - m);
        }
    }
}
