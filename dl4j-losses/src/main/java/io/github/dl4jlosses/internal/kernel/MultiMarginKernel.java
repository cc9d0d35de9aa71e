/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The margin loss of rows with a class t each: with z_i = margin - x_t + x_i, the sum over all others with z_i > 0 of z_i^p,
 * times w_t / C. The gradient of another class is w_t p z_i^(p-1) / C, and that of t minus the sum of these.
 *
 * <p>NaN is not above 0, as in torch, and nothing is multiplied by an infinite weight where no class is too near.
 */
public final class MultiMarginKernel implements Kernel {
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
            excesses(tile.x, at, n, margin - tile.x[at + target], excess);
            excess[target] = 0;
            if (tile.wantsGradient) {
                gradient(tile.gradient, at, target, excess, n, share * scale, workspace.sum);
            }
            if (tile.wantsLoss) {
                if (isSquared) {
                    square(excess, n);
                }
                double sum = workspace.sum.of(excess, 0, n);
                tile.loss[r] = sum == 0 ? 0 : sum * share;
            }
        }
    }

    /** z where it is above 0. */
    private static void excesses(double[] x, int at, int n, double room, double[] excess) {
        for (int i = 0; i < n; i++) {
            double z = room + x[at + i];
            excess[i] = z > 0 ? z : 0;
        }
    }

    private static void square(double[] excess, int n) {
        for (int i = 0; i < n; i++) {
            excess[i] *= excess[i];
        }
    }

    private void gradient(double[] gradient, int at, int target, double[] excess, int n, double each, Sum sum) {
        double all = isSquared ? sum.of(excess, 0, n) : count(excess, n);
        double factor = isSquared ? 2 * each : each;
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
