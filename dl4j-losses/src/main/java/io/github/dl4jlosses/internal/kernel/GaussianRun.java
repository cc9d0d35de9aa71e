/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** The variances of a run of outputs: what {@link VarianceForm} reads, and {@link GaussianNLLKernel} computes with. */
final class GaussianRun {
    final double[] variance;
    /** By what part of itself the variance grows with its output; torch's clamp has no say in it. */
    final double[] growth;
    /** Null where no loss is wanted. */
    final double[] logarithm;

    GaussianRun(Workspace workspace, boolean wantsLoss) {
        this.variance = workspace.a;
        this.growth = workspace.b;
        this.logarithm = wantsLoss ? workspace.c : null;
    }

    void put(int i, double v, double growthOfV) {
        variance[i] = v;
        growth[i] = growthOfV;
        if (logarithm != null) {
            logarithm[i] = Math.log(v);
        }
    }

    /**
     * A variance that is exp of its output. Beyond the largest number the logarithm is a number still, and the variance no
     * infinity as long as the root of its reciprocal is above 0: an infinite distance outweighs it.
     */
    void putExponential(int i, double log) {
        double v = Math.exp(log);
        variance[i] = Double.isInfinite(v) && Math.exp(-log / 2) > 0 ? Double.MAX_VALUE : v;
        growth[i] = 1;
        if (logarithm != null) {
            logarithm[i] = log;
        }
    }
}
