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
    private final double[] weight;

    /** @param weight one number per class, or null */
    FloatClassIndexKernel(double[] weight) {
        this.weight = weight;
    }

    /** In loops over the rows, one for each step, so that the processor is at several rows at once. */
    @Override
    public boolean compute(FloatTile tile, double scale) {
        Workspace workspace = Workspace.ofThread();
        double[] own = workspace.a;
        double[] others = workspace.b;
        double[] factor = workspace.c;
        workspace.exponentials(tile.x, tile.rows * tile.classes);
        split(tile, own, others, workspace.floatSum);
        factors(own, others, scale, factor, tile.rows);
        if (!gradients(tile, others, factor)) {
            return false;
        }
        if (tile.wantsLoss) {
            losses(tile, own, others, workspace);
        }
        return true;
    }

    private static void split(FloatTile tile, double[] own, double[] others, FloatSum sum) {
        float[] e = tile.x;
        int n = tile.classes;
        for (int r = 0; r < tile.rows; r++) {
            int at = r * n + tile.target(r);
            own[r] = e[at];
            e[at] = 0;
            others[r] = sum.of(e, r * n, n);
        }
    }

    private static void factors(double[] own, double[] others, double scale, double[] factor, int n) {
        for (int r = 0; r < n; r++) {
            factor[r] = scale / (own[r] + others[r]);
        }
    }

    /** False where a factor is not {@link FloatFactor#isSafe}. */
    private boolean gradients(FloatTile tile, double[] others, double[] factor) {
        int n = tile.classes;
        for (int r = 0; r < tile.rows; r++) {
            int target = tile.target(r);
            double f = weight == null ? factor[r] : weight[target] * factor[r];
            if (!FloatFactor.isSafe(f)) {
                return false;
            }
            if (tile.wantsGradient) {
                scale(tile.x, r * n, n, f);
                tile.x[r * n + target] = (float) (0 - others[r] * f);
            }
        }
        return true;
    }

    /** In two parts, so that rounding the factor costs nothing. */
    private static void scale(float[] e, int at, int n, double factor) {
        float high = (float) factor;
        RowLoops.multiply(e, at, n, high, (float) (factor - high));
    }

    private void losses(FloatTile tile, double[] own, double[] others, Workspace workspace) {
        double[] ratio = workspace.d;
        Columns.divide(others, own, ratio, tile.rows);
        workspace.logarithm.ofOnePlus(ratio, ratio, tile.rows);
        System.arraycopy(ratio, 0, tile.loss, 0, tile.rows);
        for (int r = 0; r < tile.rows && weight != null; r++) {
            tile.loss[r] *= weight[tile.target(r)];
        }
    }
}
