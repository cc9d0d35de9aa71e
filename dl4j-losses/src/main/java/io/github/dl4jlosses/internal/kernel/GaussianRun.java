/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** The variances of a run of outputs: what {@link VarianceForm} reads, and {@link GaussianNLLKernel} computes with. */
final class GaussianRun {
    final double[] variance;
    /** Null where no loss is wanted. */
    final double[] logarithm;
    /** By what part of itself the variance grows with its output; torch's clamp has no say in it. */
    final double[] growth;

    GaussianRun(Workspace workspace, boolean wantsLoss) {
        this.variance = workspace.a;
        this.growth = workspace.b;
        this.logarithm = wantsLoss ? workspace.c : null;
    }

    /** A variance, and its derivative with respect to the output. */
    void putVariance(int i, double v, double slope) {
        variance[i] = v;
        growth[i] = slope / v;
        if (logarithm != null) {
            logarithm[i] = Math.log(v);
        }
    }

    /** A variance that is exp of its output: beyond the largest number it is infinite, and the logarithm is not. */
    void putLogarithm(int i, double log) {
        variance[i] = Math.exp(log);
        growth[i] = 1;
        if (logarithm != null) {
            logarithm[i] = log;
        }
    }
}
