/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link ClassIndexKernel} with label smoothing, the rows side by side; without it a row is done as fast by itself. */
final class ClassIndexColumns implements ColumnKernel {
    private final double[] weight;
    private final double hard;
    private final double soft;
    private final double weightSum;

    /**
     * @param weight one number per class, or null
     * @param hard the factor of the target's own term, 1 - smoothing
     * @param soft the factor of each class's term, smoothing / C
     * @param weightSum the sum of the weights
     */
    ClassIndexColumns(double[] weight, double hard, double soft, double weightSum) {
        this.weight = weight;
        this.hard = hard;
        this.soft = soft;
        this.weightSum = weightSum;
    }

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
            double exponential = tile.gradient[target(tile, r)][r];
            double largest = softmax.largest(r);
            double total = largest + softmax.rest(r);
            // where it is not the largest, it is at most half of the whole, and the subtraction harmless
            double others = exponential == largest ? softmax.rest(r) : total - exponential;
            double w = weight(tile, r);
            double all = hard * w + soft * weightSum;
            double q = (hard + soft) * w;
            ratio[r] = others / exponential;
            factor[r] = all / total;
            own[r] = ((all - q) * exponential - q * others) * (scale / total);
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

    private static int target(ColumnTile tile, int row) {
        return tile.skip[row] ? 0 : tile.index[tile.first + row];
    }

    private double weight(ColumnTile tile, int row) {
        return weight == null || tile.skip[row] ? 1 : weight[tile.index[tile.first + row]];
    }

    private double weight(int c) {
        return weight == null ? 1 : weight[c];
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
            tile.gradient[target(tile, r)][r] = own[r];
        }
    }
}
