/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/**
 * The margin loss of rows with a list of classes each: the sum of max(0, 1 - x_a + x_i) over every a in the list and
 * every i that is not, divided by C. Each pair within the margin adds 1/C to the gradient of i and subtracts it from
 * that of a.
 *
 * <p>Pairs are counted, so that a gradient is rounded only once. NaN is not above 0, as in torch.
 */
public final class MultiLabelMarginKernel implements Kernel {
    @Override
    public boolean lossPerRow() {
        return true;
    }

    @Override
    public void compute(Tile tile, double scale) {
        Workspace workspace = Workspace.ofThread();
        int n = tile.classes;
        double[] others = workspace.row(n);
        CompensatedSum total = workspace.compensatedSum;
        for (int r = 0; r < tile.rows; r++) {
            if (tile.skip[r]) {
                continue;
            }
            int at = r * n;
            int listed = ClassLists.length(tile, r);
            System.arraycopy(tile.x, at, others, 0, n);
            for (int i = at; i < at + listed; i++) {
                // never within the margin
                others[(int) tile.y[i]] = Double.NEGATIVE_INFINITY;
            }
            if (tile.wantsGradient) {
                Arrays.fill(tile.gradient, at, at + n, 0);
            }
            total.reset();
            for (int i = at; i < at + listed; i++) {
                addPairs(tile, at, (int) tile.y[i], others, total, workspace);
            }
            tile.loss[r] = n == 0 ? 0 : total.value() / n;
            if (tile.wantsGradient) {
                RowLoops.multiply(tile.gradient, at, n, scale / n);
            }
        }
    }

    /** Adds the pairs of one class of the list to the loss, and their number to the gradient. */
    private static void addPairs(
            Tile tile, int at, int listed, double[] others, CompensatedSum total, Workspace workspace) {
        double room = 1 - tile.x[at + listed];
        double[] excess = workspace.a;
        for (int from = 0; from < tile.classes; from += Workspace.CHUNK) {
            int n = Math.min(Workspace.CHUNK, tile.classes - from);
            excesses(others, from, n, room, excess);
            if (tile.wantsLoss) {
                total.add(workspace.sum.of(excess, 0, n));
            }
            if (tile.wantsGradient) {
                tile.gradient[at + listed] -= count(excess, n, tile.gradient, at + from);
            }
        }
    }

    /** Each z if it is above 0, else 0. */
    private static void excesses(double[] others, int from, int n, double room, double[] excess) {
        for (int i = 0; i < n; i++) {
            double z = room + others[from + i];
            excess[i] = z > 0 ? z : 0;
        }
    }

    /** Adds 1 for each that is above 0, and says how many there are. */
    private static int count(double[] excess, int n, double[] gradient, int at) {
        int count = 0;
        for (int i = 0; i < n; i++) {
            int one = excess[i] > 0 ? 1 : 0;
            gradient[at + i] += one;
            count += one;
        }
        return count;
    }
}
