/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** Cross entropy of logits against class probabilities: l = sum_c q_c (-log p_c) with q_c = w_c (t_c (1-s) + s/C). */
public final class ClassProbabilityKernel implements Kernel {
    private final double[] weight;
    private final double hard;
    private final double soft;

    /**
     * @param weight one number per class, or null
     * @param hard what a target is multiplied by, 1 - smoothing
     * @param soft what is added to it, smoothing / C
     */
    public ClassProbabilityKernel(double[] weight, double hard, double soft) {
        this.weight = weight;
        this.hard = hard;
        this.soft = soft;
    }

    @Override
    public boolean lossPerRow() {
        return true;
    }

    @Override
    public void compute(Tile tile, double scale) {
        SoftmaxRow softmax = new SoftmaxRow();
        CompensatedSum sum = new CompensatedSum();
        int n = tile.classes;
        for (int r = 0; r < tile.rows; r++) {
            if (tile.skip[r]) {
                continue;
            }
            int at = r * n;
            if (!softmax.read(tile.x, at, n, tile.gradient)) {
                tile.fillNaN(r, true);
                continue;
            }
            sum.reset();
            for (int c = 0; c < n; c++) {
                double minusLogProbability = softmax.minusLogProbability(c);
                double w = weight == null ? 1 : weight[c];
                tile.y[at + c] = (tile.y[at + c] * hard + soft) * w;
                sum.add(minusLogProbability * tile.y[at + c]);
                if (tile.targetGradient != null) {
                    tile.targetGradient[at + c] = minusLogProbability * w * hard * scale;
                }
            }
            tile.loss[r] = sum.value();
            if (tile.gradient != null) {
                DenseTarget.gradient(softmax, tile.y, tile.gradient, at, n, scale);
            }
        }
    }
}
