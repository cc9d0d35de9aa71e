/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The softmax of the rows of a tile, kept in a form that never cancels.
 *
 * <p>With m the largest logit of a row: d_c = x_c - m, e_c = exp(d_c), and the sum of the others of one class, which is
 * (1 - p) times the whole without a subtraction. So -log p_c = -d_c + log(sum e), a sum of terms that are never negative.
 */
final class SoftmaxTile {
    private final Workspace workspace;
    private final double[] d;
    private final double[] e;
    private final int n;

    /**
     * Reads a tile: its inputs become d, its gradients e.
     *
     * @param tile the tile
     */
    SoftmaxTile(Tile tile, Workspace workspace) {
        this.workspace = workspace;
        this.d = tile.x;
        this.e = tile.gradient;
        this.n = tile.classes;
        for (int r = 0; r < tile.rows; r++) {
            subtract(d, r * n, n, max(d, r * n, n));
        }
        exponentials(tile.rows * n);
    }

    private void exponentials(int length) {
        if (length <= Workspace.CHUNK) {
            workspace.exponential.of(d, e, length);
            return;
        }
        // the vector loops have no offset
        for (int at = 0; at < length; at += Workspace.CHUNK) {
            int run = Math.min(Workspace.CHUNK, length - at);
            System.arraycopy(d, at, workspace.a, 0, run);
            workspace.exponential.of(workspace.a, workspace.a, run);
            System.arraycopy(workspace.a, 0, e, at, run);
        }
    }

    /** The largest of a row; a NaN beside it may be missed, its exponential is NaN. */
    private static double max(double[] x, int from, int n) {
        double m0 = n == 0 ? 0 : x[from];
        double m1 = m0;
        double m2 = m0;
        double m3 = m0;
        int i = from;
        int end = from + n;
        for (; i + 3 < end; i += 4) {
            m0 = x[i] > m0 ? x[i] : m0;
            m1 = x[i + 1] > m1 ? x[i + 1] : m1;
            m2 = x[i + 2] > m2 ? x[i + 2] : m2;
            m3 = x[i + 3] > m3 ? x[i + 3] : m3;
        }
        for (; i < end; i++) {
            m0 = x[i] > m0 ? x[i] : m0;
        }
        return Math.max(Math.max(m0, m1), Math.max(m2, m3));
    }

    private static void subtract(double[] x, int from, int n, double m) {
        for (int i = from; i < from + n; i++) {
            x[i] -= m;
        }
    }

    /** The sum of e over all classes of a row but one; NaN where the softmax is. */
    double others(int row, int c) {
        int at = row * n + c;
        double own = e[at];
        e[at] = 0;
        double sum = workspace.sum.of(e, row * n, n);
        e[at] = own;
        return Double.isNaN(own) ? own : sum;
    }

    /** A class with the largest logit of a row, whose e is 1; 0 where the softmax is NaN. */
    int argmax(int row) {
        for (int c = 0; c < n; c++) {
            if (d[row * n + c] == 0) {
                return c;
            }
        }
        return 0;
    }

    /** log(own + others), from whichever of the two is 1. */
    static double logSum(double own, double others) {
        return own == 1 ? logOnePlus(others) : Math.log(own + others);
    }

    /** log1p with the logarithm that the JIT compiler has an instruction sequence for. */
    private static double logOnePlus(double a) {
        double u = 1 + a;
        return Math.log(u) + (a - (u - 1)) / u;
    }
}
