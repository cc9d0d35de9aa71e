/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * Cross entropy of logits against class indices, with class weights and label smoothing.
 *
 * <p>For a row with target t: l = (1-s) w_t (-log p_t) + (s/C) sum_c w_c (-log p_c). Its gradient is p_c Q - q_c with
 * q the smoothed, weighted target and Q its sum; at the target ((Q - q_t) e_t - q_t E) / S with E the sum of the other
 * exponentials and S of all, so that a confident row keeps its digits.
 */
public final class ClassIndexKernel implements Kernel, ColumnKernel {
    private final double[] weight;
    private final double hard;
    private final double soft;
    private final double weightSum;
    private final FloatKernel inFloat;

    /**
     * @param weight one number per class, or null
     * @param hard the factor of the target's own term, 1 - smoothing
     * @param soft the factor of each class's term, smoothing / C; 0: no such term
     */
    public ClassIndexKernel(double[] weight, double hard, double soft, int classes) {
        this.weight = weight;
        this.hard = hard;
        this.soft = soft;
        this.weightSum = soft == 0 || weight == null ? classes : CompensatedSum.of(weight, 0, weight.length);
        this.inFloat = FusedMultiplyAdd.IS_FAST ? inFloat(weight, hard, soft) : null;
    }

    private static FloatKernel inFloat(double[] weight, double hard, double soft) {
        if (soft != 0) {
            return new FloatSmoothedIndex(weight, hard, soft);
        }
        return hard == 1 ? new FloatClassIndexKernel(weight) : null;
    }

    @Override
    public boolean lossPerRow() {
        return true;
    }

    @Override
    public FloatKernel inFloat() {
        return inFloat;
    }

    /** Only with label smoothing; without it single rows are as fast. */
    @Override
    public ColumnKernel inColumns() {
        return soft == 0 ? null : this;
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
            int target = tile.index[(int) tile.first + r];
            int at = r * n;
            boolean isNumber = soft == 0 ? softmax.read(r, target) : softmax.read(r);
            if (!isNumber) {
                tile.fillNaN(r, true);
                continue;
            }
            if (soft != 0) {
                softmax.turnTo(r, target);
            }
            if (tile.wantsLoss) {
                tile.loss[r] = loss(tile, r, target, softmax, workspace);
            }
            if (tile.wantsGradient) {
                gradient(tile.gradient, at, n, target, softmax, scale);
            }
        }
    }

    private double loss(Tile tile, int row, int target, SoftmaxTile softmax, Workspace workspace) {
        int n = tile.classes;
        int at = row * n;
        double loss = hard * weight(target) * softmax.minusLog(tile.x[at + target]);
        if (soft == 0) {
            return loss;
        }
        double smoothed = weightSum * softmax.logSum() - weightedSum(tile.x, at, n, workspace);
        return loss
                + soft * (ElementKernel.isFinite(smoothed) ? smoothed : termByTerm(tile.x, at, n, softmax.logSum()));
    }

    /**
     * The sum of w_c (-log p_c) term by term, as in torch: an infinite weight makes it infinite instead of NaN, as
     * infinity minus infinity would be.
     */
    private double termByTerm(double[] d, int at, int n, double logSum) {
        double sum = 0;
        for (int c = 0; c < n; c++) {
            sum += weight(c) * (logSum - d[at + c]);
        }
        return sum;
    }

    private double weight(int c) {
        return weight == null ? 1 : weight[c];
    }

    /** The sum of w_c d_c. */
    private double weightedSum(double[] d, int at, int n, Workspace workspace) {
        if (weight == null) {
            return workspace.sum.of(d, at, n);
        }
        double[] terms = workspace.row(n);
        for (int c = 0; c < n; c++) {
            terms[c] = weight[c] * d[at + c];
        }
        return workspace.sum.of(terms, 0, n);
    }

    private void gradient(double[] e, int at, int n, int target, SoftmaxTile softmax, double scale) {
        double others = softmax.others();
        double own = hard * weight(target);
        double all = own + soft * weightSum;
        double exponential = softmax.own();
        double total = softmax.total();
        if (!(Math.abs(all * scale) <= Double.MAX_VALUE)) {
            gradientInTorchsOrder(e, at, n, target, total, scale);
            return;
        }
        if (soft == 0) {
            RowLoops.multiply(e, at, n, all * scale / total);
        } else {
            smoothed(e, at, n, all / total, scale);
        }
        double q = own + soft * weight(target);
        e[at + target] = ((all - q) * exponential - q * others) * (scale / total);
    }

    private void smoothed(double[] e, int at, int n, double factor, double scale) {
        if (weight == null) {
            RowLoops.multiplySubtract(e, soft, at, n, factor, scale);
            return;
        }
        for (int c = 0; c < n; c++) {
            e[at + c] = (e[at + c] * factor - soft * weight[c]) * scale;
        }
    }

    /**
     * For a denominator of 0 or an infinite weight: torch's order of operations, which gives its pattern of NaN and
     * infinities.
     */
    private void gradientInTorchsOrder(double[] e, int at, int n, int target, double total, double scale) {
        double sum = 0;
        for (int c = 0; c < n; c++) {
            sum += upstream(c, target, scale);
        }
        for (int c = 0; c < n; c++) {
            e[at + c] = upstream(c, target, scale) - e[at + c] / total * sum;
        }
    }

    private double upstream(int c, int target, double scale) {
        double own = c == target ? weight(c) * -(hard * scale) : 0;
        return soft == 0 ? own : own - soft * scale * weight(c);
    }

    /** The same with the rows side by side. */
    @Override
    public boolean compute(ColumnTile tile, double scale) {
        Workspace workspace = Workspace.ofThread();
        SoftmaxColumns softmax = workspace.softmaxColumns;
        if (!softmax.read(tile)) {
            return false;
        }
        double[] ratio = workspace.a;
        double[] factor = workspace.b;
        double[] own = workspace.c;
        for (int r = 0; r < tile.rows; r++) {
            double exponential = tile.gradient[tile.target(r)][r];
            double largest = softmax.largest(r);
            double rest = softmax.rest(r);
            // if it is not the largest, it is at most half of the whole, and the subtraction is harmless
            double others = exponential == largest ? rest : largest + rest - exponential;
            double w = weight(tile, r);
            double all = hard * w + soft * weightSum;
            double q = (hard + soft) * w;
            ratio[r] = others / exponential;
            factor[r] = softmax.overTotal(all, r);
            own[r] = softmax.overTotal((all - q) * exponential - q * others, r) * scale;
        }
        if (tile.wantsLoss && !losses(tile, softmax, ratio, workspace)) {
            return false;
        }
        if (tile.wantsGradient) {
            gradient(tile, factor, own, scale);
        }
        return ElementKernel.isFinite(workspace.sum.of(own, 0, tile.rows));
    }

    private boolean losses(ColumnTile tile, SoftmaxColumns softmax, double[] ratio, Workspace workspace) {
        workspace.logarithm.ofOnePlus(ratio, ratio, tile.rows);
        for (int r = 0; r < tile.rows; r++) {
            tile.loss[r] = hard * weight(tile, r) * ratio[r];
        }
        addSmoothLosses(tile, softmax, workspace.columnSums);
        return ElementKernel.isFinite(workspace.sum.of(tile.loss, 0, tile.rows));
    }

    private double weight(ColumnTile tile, int row) {
        return weight == null || tile.skip[row] ? 1 : weight[tile.index[(int) tile.first + row]];
    }

    private void addSmoothLosses(ColumnTile tile, SoftmaxColumns softmax, ColumnSums sums) {
        softmax.prepareLogs(tile);
        sums.reset(tile.length);
        for (int c = 0; c < tile.classes; c++) {
            softmax.minusLogs(tile, c);
            Columns.add(sums.of(c), soft * weight(c), tile.x[c], tile.length);
        }
        sums.addTo(tile.loss, tile.length);
    }

    private void gradient(ColumnTile tile, double[] factor, double[] own, double scale) {
        int n = tile.length;
        for (int c = 0; c < tile.classes; c++) {
            Columns.multiplySubtract(tile.gradient[c], factor, soft * weight(c), scale, n);
        }
        for (int r = 0; r < tile.rows; r++) {
            tile.gradient[tile.target(r)][r] = own[r];
        }
    }
}
