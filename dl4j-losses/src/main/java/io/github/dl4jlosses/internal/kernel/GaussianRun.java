/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** The variances of a run of outputs: what {@link VarianceForm} reads, and {@link GaussianNLLKernel} computes with. */
final class GaussianRun {
    final double[] variance;
    /** By what part of itself the variance grows with its output; torch's clamp has no say in it. */
    final double[] growth;
    /** Of variances that no double holds, and of all where a loss is wanted. */
    final double[] logarithm;

    final boolean wantsLoss;
    final Workspace workspace;
    /** Room for means, targets and losses in vector loops. */
    final double[] mean;

    final double[] target;
    final double[] loss;

    GaussianRun(Workspace workspace, boolean wantsLoss) {
        this.workspace = workspace;
        this.mean = workspace.f;
        this.target = workspace.g;
        this.loss = workspace.l;
        this.variance = workspace.a;
        this.growth = workspace.b;
        this.logarithm = workspace.c;
        this.wantsLoss = wantsLoss;
    }

    void put(int i, double v, double growthOfV) {
        variance[i] = v;
        growth[i] = growthOfV;
        if (wantsLoss || isTooLarge(i)) {
            logarithm[i] = Math.log(v);
        }
    }

    /** A variance that is exp of its output: beyond the largest number its logarithm is a number still. */
    void putExponential(int i, double log) {
        variance[i] = Math.exp(log);
        growth[i] = 1;
        logarithm[i] = log;
    }

    /** Whether the variance is above the largest number, and only its logarithm may be one. */
    boolean isTooLarge(int i) {
        return variance[i] == Double.POSITIVE_INFINITY;
    }

    /** The reciprocal of the standard deviation: a number above 0 where that of the variance may be none. */
    double reciprocalRoot(int i) {
        return Math.exp(-logarithm[i] / 2);
    }

    double logarithm(int i) {
        return logarithm[i];
    }
}
