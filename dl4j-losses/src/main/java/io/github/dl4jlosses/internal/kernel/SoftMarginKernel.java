/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The logistic loss of targets 1 and -1: l = log(1 + exp(-t x)) = softplus(z) with z = -t x, gradient -t sigma(z).
 *
 * <p>torch forms exp(z), which overflows; softplus and sigma of any z are finite.
 */
public final class SoftMarginKernel extends ElementKernel {
    private final FloatKernel inFloat = FusedMultiplyAdd.IS_FAST ? new FloatSoftMargin() : null;

    public SoftMarginKernel() {
        super(null);
    }

    @Override
    public FloatKernel inFloat() {
        return inFloat;
    }

    private static double loss(double x, double t, int output) {
        return Sigmoid.softplus(-t * x);
    }

    private static double gradient(double x, double t, int output) {
        return -t * Sigmoid.of(-t * x);
    }

    @Override
    void run(Run run, double scale, Workspace workspace) {
        int n = run.padded;
        double[] z = workspace.c;
        double[] e = workspace.d;
        exponents(run.x, run.y, z, n);
        workspace.exponential.ofModerate(z, e, run.n);
        double[] checked = run.loss;
        if (run.wantsLoss) {
            // log(1 + min(e, 1/e))
            ofSmaller(e, run.loss, n);
            workspace.logarithm.twiceAtanh(run.loss, n);
            addPositive(z, run.loss, n);
        } else {
            checked = run.gradient;
        }
        if (run.gradient != null) {
            gradients(run.y, e, run.gradient, n, scale);
        }
        if (checked != null && !isFinite(workspace.sum.of(checked, 0, run.n))) {
            // rare: numbers too large for the vector loops' exponential, infinities, NaN
            runOneByOne(run, scale, SoftMarginKernel::loss, SoftMarginKernel::gradient);
        }
    }

    private static void exponents(double[] x, double[] t, double[] z, int n) {
        for (int i = 0; i < n; i++) {
            z[i] = -t[i] * x[i];
        }
    }

    /** Adds max(z, 0), in fewer instructions. */
    static void addPositive(double[] z, double[] log, int n) {
        for (int i = 0; i < n; i++) {
            log[i] += (Math.abs(z[i]) + z[i]) * 0.5;
        }
    }

    /** sigma(z) is e / (1 + e). */
    private static void gradients(double[] t, double[] e, double[] gradient, int n, double scale) {
        for (int i = 0; i < n; i++) {
            gradient[i] = -t[i] * (e[i] / (1 + e[i])) * scale;
        }
    }
}
