/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/** Negative log likelihood of log-probabilities against class indices: l = -w_t x_t; the rest of the row is ignored. */
public final class PickKernel implements Kernel {
    private final double[] weight;

    /** @param weight one number per class, or null */
    public PickKernel(double[] weight) {
        this.weight = weight;
    }

    @Override
    public boolean lossPerRow() {
        return true;
    }

    @Override
    public void compute(Tile tile, double scale) {
        int n = tile.classes;
        for (int r = 0; r < tile.rows; r++) {
            if (tile.skip[r]) {
                continue;
            }
            int target = tile.index[(int) tile.first + r];
            double w = weight == null ? 1 : weight[target];
            tile.loss[r] = -tile.x[r * n + target] * w;
            if (tile.gradient != null) {
                Arrays.fill(tile.gradient, r * n, r * n + n, 0);
                tile.gradient[r * n + target] = -w * scale;
            }
        }
    }
}
