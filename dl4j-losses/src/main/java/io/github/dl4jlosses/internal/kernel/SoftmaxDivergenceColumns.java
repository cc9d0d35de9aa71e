/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link SoftmaxDivergenceKernel} of probabilities with the rows side by side. */
final class SoftmaxDivergenceColumns implements ColumnKernel {

    @Override
    public boolean compute(ColumnTile tile, double scale) {
        Workspace workspace = Workspace.ofThread();
        SoftmaxColumns softmax = workspace.softmaxColumns;
        if (!softmax.read(tile)) {
            return false;
        }
        softmax.prepareLogs(tile);
        boolean finite = !tile.wantsGradient || softmax.denseGradient(tile, scale);
        if (!finite || !tile.wantsLoss) {
            return finite;
        }
        for (int c = 0; c < tile.classes; c++) {
            softmax.minusLogs(tile, c);
        }
        return addLogs(tile, workspace) && losses(tile, workspace);
    }

    /** Makes log t - log p of -log p; of as many classes at once as there is room for. */
    private static boolean addLogs(ColumnTile tile, Workspace workspace) {
        int n = tile.length;
        int atOnce = Workspace.CHUNK / n;
        for (int first = 0; first < tile.classes; first += atOnce) {
            int run = Math.min(atOnce, tile.classes - first);
            for (int c = 0; c < run; c++) {
                System.arraycopy(tile.y[first + c], 0, workspace.a, c * n, n);
            }
            if (!DivergenceKernel.logarithms(workspace.a, workspace.a, run * n, workspace)) {
                return false;
            }
            for (int c = 0; c < run; c++) {
                System.arraycopy(workspace.a, c * n, workspace.b, 0, n);
                Columns.add(tile.x[first + c], workspace.b, n);
            }
        }
        return true;
    }

    private static boolean losses(ColumnTile tile, Workspace workspace) {
        ColumnSums sums = workspace.columnSums;
        sums.reset(tile.length);
        for (int c = 0; c < tile.classes; c++) {
            Columns.addProducts(sums.of(c), tile.x[c], tile.y[c], tile.length);
        }
        Columns.fill(tile.loss, 0, tile.length);
        sums.addTo(tile.loss, tile.length);
        return ElementKernel.isFinite(workspace.sum.of(tile.loss, 0, tile.rows));
    }
}
