/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link DivergenceKernel} of log_softmax(x), fused: no logarithm of a probability is ever formed. */
public final class SoftmaxDivergenceKernel implements Kernel {
    private final boolean logTarget;

    /** @param logTarget whether the targets are log-probabilities */
    public SoftmaxDivergenceKernel(boolean logTarget) {
        this.logTarget = logTarget;
    }

    @Override
    public boolean lossPerRow() {
        return false;
    }

    @Override
    public void compute(Tile tile, double scale) {
        SoftmaxRow softmax = new SoftmaxRow();
        int n = tile.classes;
        for (int r = 0; r < tile.rows; r++) {
            if (tile.skip[r]) {
                continue;
            }
            int at = r * n;
            if (!softmax.read(tile.x, at, n, tile.gradient)) {
                tile.fillNaN(r, false);
                continue;
            }
            for (int c = 0; c < n; c++) {
                double target = tile.y[at + c];
                tile.loss[at + c] = DivergenceKernel.loss(-softmax.minusLogProbability(c), target, logTarget);
                tile.y[at + c] = DivergenceKernel.probability(target, logTarget);
            }
            if (tile.gradient != null) {
                DenseTarget.gradient(softmax, tile.y, tile.gradient, at, n, scale);
            }
        }
    }
}
