/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * Huber loss of the distance d = x - t: d^2 / 2 where |d| is below delta, and delta (|d| - delta / 2) beyond.
 *
 * <p>Both are m (|d| - m / 2) with m = min(|d|, delta), in which nothing cancels: m is at most |d|. The gradient is d,
 * clamped to [-delta, delta]. NaN and infinities give torch's results, although torch computes the two cases
 * separately.
 */
public final class HuberKernel extends DistanceKernel {
    private final double delta;
    private final FloatKernel inFloat;

    /** @param delta the distance at which the loss becomes linear, above 0 */
    public HuberKernel(double delta) {
        this.delta = delta;
        this.inFloat = FusedMultiplyAdd.IS_FAST && FloatFactor.isSafe(delta) ? new FloatHuber(delta, 1) : null;
    }

    @Override
    public FloatKernel inFloat() {
        return inFloat;
    }

    private double loss(double d) {
        double m = Math.min(Math.abs(d), delta);
        return m * (Math.abs(d) - 0.5 * m);
    }

    @Override
    double gradient(double d) {
        return Math.max(-delta, Math.min(d, delta));
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
