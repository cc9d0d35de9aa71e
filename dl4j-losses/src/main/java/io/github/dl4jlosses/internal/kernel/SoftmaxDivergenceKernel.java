/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link DivergenceKernel} of log_softmax(x), fused: no logarithm of a probability is ever formed. */
public final class SoftmaxDivergenceKernel implements Kernel {
    private final boolean logTarget;
    private final ColumnKernel inColumns;

    /** @param logTarget whether the targets are log-probabilities */
    public SoftmaxDivergenceKernel(boolean logTarget) {
        this.logTarget = logTarget;
        this.inColumns = logTarget ? null : new SoftmaxDivergenceColumns();
    }

    @Override
    public boolean lossPerRow() {
        return false;
    }

    @Override
    public ColumnKernel inColumns() {
        return inColumns;
    }

    @Override
    public void compute(Tile tile, double scale) {
        Workspace workspace = Workspace.ofThread();
        SoftmaxTile softmax = new SoftmaxTile(tile, workspace);
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
                double all = workspace.sum.of(tile.y, at, n);
                DenseSoftmax.gradient(tile.y, all, tile.gradient, at, n, softmax, scale);
            }
        }
    }
}
