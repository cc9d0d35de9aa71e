/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** Cross entropy of logits against class probabilities: l = sum_c q_c (-log p_c) with q_c = w_c (t_c (1-s) + s/C). */
public final class ClassProbabilityKernel implements Kernel, ColumnKernel {
    private final double[] weight;
    private final double hard;
    private final double soft;
    private final FloatKernel inFloat;

    /**
     * @param weight one number per class, or null
     * @param hard what a target is multiplied by, 1 - smoothing
     * @param soft what is added to it, smoothing / C
     */
    public ClassProbabilityKernel(double[] weight, double hard, double soft) {
        this.weight = weight;
        this.hard = hard;
        this.soft = soft;
        this.inFloat =
                FusedMultiplyAdd.IS_FAST ? new FloatClassProbability(new FloatTargets(weight, hard, soft)) : null;
    }

    @Override
    public FloatKernel inFloat() {
        return inFloat;
    }

    @Override
    public boolean lossPerRow() {
        return true;
    }

    @Override
    public ColumnKernel inColumns() {
        return this;
    }

    @Override
    public void compute(Tile tile, double scale) {
        Workspace workspace = Workspace.ofThread();
        SoftmaxTile softmax = workspace.softmaxTile.read(tile);
        int n = tile.classes;
        for (int r = 0; r < tile.rows; r++) {
            if (tile.skip[r]) {
                continue;
            }
            int at = r * n;
            if (!softmax.read(r)) {
                tile.fillNaN(r, true);
                continue;
            }
            double logSum = softmax.logSum();
            effectiveTarget(tile.y, at, n);
            if (tile.wantsLoss) {
                tile.loss[r] = loss(tile, at, n, logSum, workspace);
            }
            if (tile.targetGradient != null) {
                targetGradient(tile, at, n, logSum, hard * scale);
            }
            if (tile.wantsGradient && n > 0) {
                softmax.denseGradient(r, tile.y, scale);
            }
        }
    }

    private void effectiveTarget(double[] y, int at, int n) {
        if (hard != 1 || soft != 0) {
            RowLoops.multiplySubtract(y, -soft, at, n, hard, 1);
        }
        if (weight != null) {
            for (int c = 0; c < n; c++) {
                y[at + c] *= weight[c];
            }
        }
    }

    /** Term by term, so that 0 times an infinite logarithm is torch's NaN. */
    private static double loss(Tile tile, int at, int n, double logSum, Workspace workspace) {
        // all rows' terms, since loops over other places than the row's own are not vectorised
        double[] terms = workspace.row(at + n);
        RowLoops.products(logSum, tile.x, tile.y, terms, at, n);
        return workspace.sum.of(terms, at, n);
    }

    private void targetGradient(Tile tile, int at, int n, double logSum, double factor) {
        for (int c = 0; c < n; c++) {
            tile.targetGradient[at + c] = (logSum - tile.x[at + c]) * weight(c) * factor;
        }
    }

    private double weight(int c) {
        return weight == null ? 1 : weight[c];
    }

    /** With the rows side by side. */
    @Override
    public boolean compute(ColumnTile tile, double scale) {
        Workspace workspace = Workspace.ofThread();
        SoftmaxColumns softmax = workspace.softmaxColumns;
        if (!softmax.read(tile)) {
            return false;
        }
        int n = tile.length;
        for (int c = 0; c < tile.classes && (hard != 1 || soft != 0 || weight != null); c++) {
            Columns.multiplyAdd(tile.y[c], hard * weight(c), soft * weight(c), n);
        }
        softmax.prepareLogs(tile);
        boolean finite = !tile.wantsGradient || softmax.denseGradient(tile, scale);
        if (!finite || !tile.wantsLoss) {
            return finite;
        }
        ColumnSums sums = workspace.columnSums;
        sums.reset(n);
        for (int c = 0; c < tile.classes; c++) {
            softmax.minusLogs(tile, c);
            Columns.addProducts(sums.of(c), tile.x[c], tile.y[c], n);
        }
        return sums.toLosses(tile, workspace.sum);
    }
}
