/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * Fast formulas of {@link LogitsKernel} for results that are rounded to float, with a single division; they need fused
 * multiply-add.
 *
 * <p>With e = exp(x) and r = 1/(1+e), the gradient is ((1-y) e - v y) r. The softplus functions are max(x, 0) or max(-x, 0),
 * and log(1 + exp(-|x|)) more, which is -log(1-u) with u = r min(e, 1), the smaller of the two probabilities.
 */
final class ShortLogits {
    private ShortLogits() {}

    /** r, and u. */
    static void probabilities(double[] e, double[] r, double[] u, int n) {
        for (int i = 0; i < n; i++) {
            r[i] = 1 / (1 + e[i]);
            u[i] = Math.min(e[i], 1) * r[i];
        }
    }

    /** The gradient, times a scale. */
    static void gradients(
            double[] y, double[] positive, double[] e, double[] r, double[] gradient, int n, double scale) {
        for (int i = 0; i < n; i++) {
            gradient[i] = ((1 - y[i]) * e[i] - positive[i]) * (r[i] * scale);
        }
    }

    /** Replaces u by -log(1-u), with a relative error of 2^-38. */
    static void logarithms(double[] u, int n) {
        for (int i = 0; i < n; i++) {
            double z = u[i];
            double p = Math.fma(4.357156520440679, z, -10.649230088976466);
            p = Math.fma(p, z, 12.599457472199518);
            p = Math.fma(p, z, -8.637654606743489);
            p = Math.fma(p, z, 4.089529773623968);
            p = Math.fma(p, z, -1.1328050043879008);
            p = Math.fma(p, z, 0.39312098843848414);
            p = Math.fma(p, z, 0.10312175307910133);
            p = Math.fma(p, z, 0.17062321859487675);
            p = Math.fma(p, z, 0.19974682738927574);
            p = Math.fma(p, z, 0.25000963933262826);
            p = Math.fma(p, z, 0.3333331429270672);
            p = Math.fma(p, z, 0.5000000014736665);
            u[i] = Math.fma(p, z, 0.9999999999981181) * z;
        }
    }
}
