/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link ClassProbabilityKernel} with the rows side by side. */
final class ClassProbabilityColumns implements ColumnKernel {
    private final double[] weight;
    private final double hard;
    private final double soft;

    /**
     * @param weight one number per class, or null
     * @param hard what a target is multiplied by, 1 - smoothing
     * @param soft what is added to it, smoothing / C
     */
    ClassProbabilityColumns(double[] weight, double hard, double soft) {
        this.weight = weight;
        this.hard = hard;
        this.soft = soft;
    }

    @Override
    public boolean compute(ColumnTile tile, double scale) {
        Workspace workspace = Workspace.ofThread();
        SoftmaxColumns softmax = workspace.softmaxColumns;
        if (!softmax.read(tile)) {
            return false;
        }
        int n = tile.length;
        for (int c = 0; c < tile.classes && (hard != 1 || soft != 0 || weight != null); c++) {
            double w = weight == null ? 1 : weight[c];
            Columns.multiplyAdd(tile.y[c], hard * w, soft * w, n);
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
        Columns.fill(tile.loss, 0, n);
        sums.addTo(tile.loss, n);
        return ElementKernel.isFinite(workspace.sum.of(tile.loss, 0, tile.rows));
    }
}
