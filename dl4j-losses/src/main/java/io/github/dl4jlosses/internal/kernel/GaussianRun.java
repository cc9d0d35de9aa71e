/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * A part of a row, or several whole ones, one after the other: what {@link VarianceForm} reads, and {@link GaussianNLLKernel}
 * computes with.
 */
final class GaussianRun {
    int first;
    int rows;
    /** The first label of each row, and how many. */
    int at;

    int each;
    final double[] variance;
    /** The outputs, and then by what part of itself the variance grows with them; torch's clamp has no say in it. */
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

    /** Means, targets, and the outputs of variances in the place of the growths. */
    void gather(Tile tile) {
        int labels = tile.classes / 2;
        for (int r = 0; r < rows; r++) {
            int from = (first + r) * tile.classes + at;
            System.arraycopy(tile.x, from, mean, r * each, each);
            System.arraycopy(tile.x, from + labels, growth, r * each, each);
        }
        System.arraycopy(tile.y, first * labels + at, target, 0, rows * each);
    }

    /** Losses, and the gradients in the places of means and targets, to where they belong. */
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
