/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * {@link ClassIndexKernel} in float, without label smoothing.
 *
 * <p>Logits within 69 of 0 need no shift by their maximum, so exp(x_c) has no error but its own. With S their sum and t
 * the target, the gradient is w exp(x_c) / S, and at the target -w times the sum of the others over S: nothing cancels. The
 * loss is w log(1 + others / exp(x_t)).
 */
final class FloatClassIndexKernel implements FloatKernel {
    /** Beyond it, factors of the gradient might leave the normal floats. */
    private static final double LARGEST_FACTOR = 1e25;

    private final double[] weight;

    /** @param weight one number per class, or null */
    FloatClassIndexKernel(double[] weight) {
        this.weight = weight;
    }

    @Override
    public boolean compute(FloatTile tile, double scale) {
        Workspace workspace = Workspace.ofThread();
        int n = tile.classes;
        workspace.exponentials(tile.x, tile.rows * n);
        for (int r = 0; r < tile.rows; r++) {
            int target = tile.skip[r] ? 0 : tile.index[tile.first + r];
            int own = r * n + target;
            double exponential = tile.x[own];
            tile.x[own] = 0;
            double others = workspace.sum.of(tile.x, r * n, n);
            double factor = (weight == null ? 1 : weight[target]) * scale / (exponential + others);
            if (!isSafe(factor)) {
                return false;
            }
            tile.loss[r] = others / exponential;
            if (tile.wantsGradient) {
                scale(tile.x, r * n, n, factor);
                tile.x[own] = (float) (0 - others * factor);
            }
        }
        if (tile.wantsLoss) {
            losses(tile, workspace);
        }
        return true;
    }

    /** False for NaN. */
    private static boolean isSafe(double factor) {
        double size = Math.abs(factor);
        return (size < LARGEST_FACTOR && size > 1 / LARGEST_FACTOR) || size == 0;
    }

    /** In two parts, so that rounding the factor costs nothing. */
    private static void scale(float[] e, int at, int n, double factor) {
        float high = (float) factor;
        RowLoops.multiply(e, at, n, high, (float) (factor - high));
    }

    private void losses(FloatTile tile, Workspace workspace) {
        double[] ratio = workspace.a;
        for (int at = 0; at < tile.rows; at += Workspace.CHUNK) {
            int n = Math.min(Workspace.CHUNK, tile.rows - at);
            System.arraycopy(tile.loss, at, ratio, 0, n);
            workspace.logarithm.ofOnePlus(ratio, ratio, n);
            System.arraycopy(ratio, 0, tile.loss, at, n);
        }
        for (int r = 0; r < tile.rows && weight != null; r++) {
            tile.loss[r] *= tile.skip[r] ? 1 : weight[tile.index[tile.first + r]];
        }
    }
}
