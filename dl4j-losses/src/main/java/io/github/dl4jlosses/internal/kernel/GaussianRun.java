/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * A part of a row, or several whole rows, one after the other, gathered for {@link VarianceForm} and
 * {@link GaussianNLLKernel}.
 */
final class GaussianRun {
    int first;
    int rows;
    /** The first label, and the number of labels, in each row. */
    int at;

    int each;
    final double[] variance;
    /** First the outputs, then the relative growth of the variance with them, from which torch's clamp is left out. */
    final double[] growth;
    /** The logarithms of variances that no double can hold, and of all variances if a loss is wanted. */
    final double[] logarithm;

    boolean wantsLoss;
    final Workspace workspace;
    /** Room for means, targets and losses in vector loops. */
    final double[] mean;

    final double[] target;
    final double[] loss;

    GaussianRun(Workspace workspace) {
        this.workspace = workspace;
        this.mean = workspace.f;
        this.target = workspace.g;
        this.loss = workspace.l;
        this.variance = workspace.a;
        this.growth = workspace.b;
        this.logarithm = workspace.c;
    }

    /** Reads means, targets and, in the place of the growths, the outputs of variances. */
    void gather(Tile tile) {
        int labels = tile.classes / 2;
        for (int r = 0; r < rows; r++) {
            int from = (first + r) * tile.classes + at;
            System.arraycopy(tile.x, from, mean, r * each, each);
            System.arraycopy(tile.x, from + labels, growth, r * each, each);
        }
        System.arraycopy(tile.y, first * labels + at, target, 0, rows * each);
    }

    /** Writes back the losses, and the gradients that replaced means and targets. */
    void scatter(Tile tile) {
        int labels = tile.classes / 2;
        if (tile.wantsLoss) {
            System.arraycopy(loss, 0, tile.loss, first * labels + at, rows * each);
        }
        for (int r = 0; r < rows && tile.wantsGradient; r++) {
            int to = (first + r) * tile.classes + at;
            System.arraycopy(mean, r * each, tile.gradient, to, each);
            System.arraycopy(target, r * each, tile.gradient, to + labels, each);
        }
        for (int i = 0; i < rows * each && tile.targetGradient != null; i++) {
            tile.targetGradient[first * labels + at + i] = -mean[i];
        }
    }

    void put(int i, double v, double growthOfV) {
        variance[i] = v;
        growth[i] = growthOfV;
        if (wantsLoss || isTooLarge(i)) {
            logarithm[i] = Math.log(v);
        }
    }

    /** Sets a variance exp(output), whose logarithm is finite even if the variance overflows. */
    void putExponential(int i, double log) {
        variance[i] = Math.exp(log);
        growth[i] = 1;
        logarithm[i] = log;
    }

    /** Whether the variance overflows, so that only its logarithm may be finite. */
    boolean isTooLarge(int i) {
        return variance[i] == Double.POSITIVE_INFINITY;
    }

    /** The reciprocal of the standard deviation, which is above 0 even where that of the variance underflows. */
    double reciprocalRoot(int i) {
        return Math.exp(-logarithm[i] / 2);
    }

    double logarithm(int i) {
        return logarithm[i];
    }
}
