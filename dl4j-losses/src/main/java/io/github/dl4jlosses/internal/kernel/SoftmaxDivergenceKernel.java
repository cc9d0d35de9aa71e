/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link DivergenceKernel} of log_softmax(x), fused: no logarithm of a probability is ever formed. */
public final class SoftmaxDivergenceKernel implements Kernel, ColumnKernel {
    private final boolean logTarget;
    private final FloatKernel inFloat;

    /** @param logTarget whether the targets are log-probabilities */
    public SoftmaxDivergenceKernel(boolean logTarget) {
        this.logTarget = logTarget;
        this.inFloat = !logTarget && FusedMultiplyAdd.IS_FAST ? new FloatSoftmaxDivergence() : null;
    }

    @Override
    public FloatKernel inFloat() {
        return inFloat;
    }

    @Override
    public boolean lossPerRow() {
        return false;
    }

    @Override
    public ColumnKernel inColumns() {
        return logTarget ? null : this;
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
                tile.fillNaN(r, false);
                continue;
            }
            if (tile.wantsLoss) {
                RowLoops.subtract(tile.x, at, n, softmax.logSum());
                DivergenceKernel.losses(tile.x, tile.y, tile.loss, at, n, logTarget, workspace);
            }
            if (tile.wantsGradient) {
                for (int i = at; i < at + n && logTarget; i++) {
                    tile.y[i] = Math.exp(tile.y[i]);
                }
                softmax.denseGradient(r, tile.y, scale);
            }
        }
    }

    /** The same with the rows side by side. */
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

    /** Turns -log p into log t - log p, for as many classes at once as fit. */
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
        return sums.toLosses(tile, workspace.sum);
    }
}
