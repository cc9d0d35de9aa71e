/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The margin loss of rows with a class t each: with z_i = margin - x_t + x_i, the sum over all others with z_i > 0 of z_i^p,
 * times w_t / C. The gradient of another class is w_t p z_i^(p-1) / C, and that of t minus the sum of these.
 *
 * <p>NaN is not above 0, as in torch, and nothing is multiplied by an infinite weight where no class is too near.
 */
public final class MultiMarginKernel implements Kernel {
    private static final double LARGE = 1e300;

    private final double[] weight;
    private final double margin;
    private final boolean isSquared;

    /**
     * The loss with its options.
     *
     * @param weight one number per class, or null
     * @param margin by how much the class should be above all others
     * @param isSquared whether p is 2; else it is 1
     */
    public MultiMarginKernel(double[] weight, double margin, boolean isSquared) {
        this.weight = weight;
        this.margin = margin;
        this.isSquared = isSquared;
    }

    @Override
    public boolean lossPerRow() {
        return true;
    }

    @Override
    public void compute(Tile tile, double scale) {
        Workspace workspace = Workspace.ofThread();
        int n = tile.classes;
        double[] excess = workspace.row(n);
        for (int r = 0; r < tile.rows; r++) {
            if (tile.skip[r]) {
                continue;
            }
            int at = r * n;
            int target = tile.target(r);
            double share = (weight == null ? 1 : weight[target]) / n;
            // torch's order of operations, so that a tie is one here too
            double room = margin - tile.x[at + target];
            double factor = share * scale * (isSquared ? 2 : 1);
            if (!inVectors(tile, r, target, room, share, factor, workspace)) {
                excesses(tile.x, at, n, room, excess);
                excess[target] = 0;
                if (tile.wantsGradient) {
                    gradient(tile.gradient, at, target, excess, n, factor, workspace.sum);
                }
                tile.loss[r] = loss(excess, excess, n, share, workspace.sum);
            }
        }
    }

    /** @return whether all numbers of the row are good: not where one is NaN, or a sum has none */
    private boolean inVectors(
            Tile tile, int row, int target, double room, double share, double factor, Workspace workspace) {
        int n = tile.classes;
        int padded = Workspace.padded(n);
        double[] excess = workspace.row(n);
        double[] slope = workspace.otherRow(n);
        System.arraycopy(tile.x, row * n, excess, 0, n);
        // never within the margin
        excess[target] = Double.NEGATIVE_INFINITY;
        excesses(excess, padded, room);
        double sum = workspace.sum.of(excess, 0, n);
        if (!ElementKernel.isFinite(sum) || !ElementKernel.isFinite(factor)) {
            return false;
        }
        if (tile.wantsGradient) {
            double all = sum;
            if (!isSquared) {
                signs(excess, slope, padded);
                all = workspace.sum.of(slope, 0, n);
            }
            multiply(isSquared ? excess : slope, factor, slope, padded);
            slope[target] = all > 0 ? -(all * factor) : 0;
            System.arraycopy(slope, 0, tile.gradient, row * n, n);
        }
        if (tile.wantsLoss) {
            tile.loss[row] = isSquared ? loss(excess, slope, n, share, workspace.sum) : sum == 0 ? 0 : sum * share;
        }
        return true;
    }

    /** The loss of a row, by means of a working array that may be that of the excesses. */
    private double loss(double[] excess, double[] power, int n, double share, Sum sums) {
        if (isSquared) {
            square(excess, power, Workspace.padded(n));
        }
        double sum = sums.of(isSquared ? power : excess, 0, n);
        return sum == 0 ? 0 : sum * share;
    }

    private static void excesses(double[] x, int n, double room) {
        for (int i = 0; i < n; i++) {
            x[i] = Math.max(room + x[i], 0);
        }
    }

    /** 1 where a number is above 0, for the smallest has become far more than 1. */
    private static void signs(double[] excess, double[] sign, int n) {
        for (int i = 0; i < n; i++) {
            sign[i] = Math.min(excess[i] * LARGE * LARGE, 1);
        }
    }

    /** Products without a negative zero. */
    private static void multiply(double[] slope, double factor, double[] gradient, int n) {
        for (int i = 0; i < n; i++) {
            gradient[i] = slope[i] * factor + 0.0;
        }
    }

    /** z where it is above 0: not where it is NaN. */
    private static void excesses(double[] x, int at, int n, double room, double[] excess) {
        for (int i = 0; i < n; i++) {
            double z = room + x[at + i];
            excess[i] = z > 0 ? z : 0;
        }
    }

    private static void square(double[] excess, double[] square, int n) {
        for (int i = 0; i < n; i++) {
            square[i] = excess[i] * excess[i];
        }
    }

    private void gradient(double[] gradient, int at, int target, double[] excess, int n, double factor, Sum sum) {
        double all = isSquared ? sum.of(excess, 0, n) : count(excess, n);
        for (int i = 0; i < n; i++) {
            double slope = isSquared ? excess[i] : 1;
            gradient[at + i] = excess[i] > 0 ? slope * factor : 0;
        }
        gradient[at + target] = all > 0 ? -(all * factor) : 0;
    }

    private static int count(double[] excess, int n) {
        int count = 0;
        for (int i = 0; i < n; i++) {
            count += excess[i] > 0 ? 1 : 0;
        }
        return count;
    }
}
