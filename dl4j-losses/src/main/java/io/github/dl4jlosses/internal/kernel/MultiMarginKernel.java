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
        for (int r = 0; r < tile.rows; r++) {
            if (!tile.skip[r]) {
                int target = tile.target(r);
                double share = (weight == null ? 1 : weight[target]) / n;
                compute(tile, r, target, share, share * scale * (isSquared ? 2 : 1), workspace);
            }
        }
    }

    private void compute(Tile tile, int row, int target, double share, double factor, Workspace workspace) {
        int n = tile.classes;
        int at = row * n;
        double[] excess = workspace.row(n);
        double[] slope = workspace.otherRow(n);
        // torch's order of operations, so that a tie is one here too
        double room = margin - tile.x[at + target];
        System.arraycopy(tile.x, at, excess, 0, n);
        // never within the margin
        excess[target] = Double.NEGATIVE_INFINITY;
        excesses(excess, Workspace.padded(n), room);
        double sum = workspace.sum.of(excess, 0, n);
        // else a number is NaN, or the vector loops multiply 0 by an infinite one
        boolean inVectors = ElementKernel.isFinite(sum) && ElementKernel.isFinite(factor);
        if (!inVectors) {
            excesses(tile.x, at, n, room, excess);
            excess[target] = 0;
            sum = workspace.sum.of(excess, 0, n);
        }
        if (tile.wantsGradient) {
            double all = isSquared ? sum : count(excess, slope, n, workspace.sum);
            if (inVectors) {
                multiply(isSquared ? excess : slope, factor, slope, Workspace.padded(n));
            } else {
                multiplyPositive(isSquared ? excess : slope, factor, slope, n);
            }
            slope[target] = all > 0 ? -(all * factor) : 0;
            System.arraycopy(slope, 0, tile.gradient, at, n);
        }
        if (tile.wantsLoss) {
            double total = isSquared ? sumOfSquares(excess, slope, n, workspace.sum) : sum;
            tile.loss[row] = total == 0 ? 0 : total * share;
        }
    }

    private static double sumOfSquares(double[] excess, double[] square, int n, Sum sum) {
        square(excess, square, Workspace.padded(n));
        return sum.of(square, 0, n);
    }

    /** How many numbers are above 0, with 1 for each of them. */
    private static double count(double[] excess, double[] sign, int n, Sum sum) {
        signs(excess, sign, Workspace.padded(n));
        return sum.of(sign, 0, n);
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

    /** The same with 0 where a number is not above 0, whatever the factor. */
    private static void multiplyPositive(double[] slope, double factor, double[] gradient, int n) {
        for (int i = 0; i < n; i++) {
            gradient[i] = slope[i] > 0 ? slope[i] * factor : 0;
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
}
