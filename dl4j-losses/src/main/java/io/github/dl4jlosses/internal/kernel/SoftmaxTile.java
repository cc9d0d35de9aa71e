/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The softmax of the rows of a tile, kept in a form that never cancels.
 *
 * <p>With e_c = exp(x_c), or exp(x_c - max x) if the logits are large, 1 - p_c is the sum of the other e divided by the
 * sum of all, without a subtraction, and -log p_c is log(1 + others / e_c).
 */
final class SoftmaxTile {
    private final Workspace workspace;
    private double[] d;
    private double[] e;
    private int n;

    private double own;
    private double others;
    private double logSum;
    /** The class with more than half of the probability, or -1. */
    private int dominant;

    SoftmaxTile(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Reads a tile, whose gradients become e. */
    SoftmaxTile read(Tile tile) {
        return read(tile.x, tile.gradient, tile.rows, tile.classes, tile.inFloats);
    }

    /** Reads rows of n numbers; e has room for their exponentials. */
    SoftmaxTile read(double[] x, double[] exponentials, int rows, int classes, boolean inFloats) {
        d = x;
        e = exponentials;
        n = classes;
        workspace.moderateExponentials(d, e, rows * n, inFloats);
        return this;
    }

    /** Turns to one class of a row; false if the softmax of the row is NaN. */
    boolean read(int row, int c) {
        split(row, c);
        if (Double.isNaN(own + others)) {
            shift(row);
            split(row, c);
        }
        return !Double.isNaN(own + others);
    }

    private void split(int row, int c) {
        int at = row * n + c;
        own = e[at];
        e[at] = 0;
        others = workspace.sum.of(e, row * n, n);
        e[at] = own;
    }

    /** The exponential of the class. */
    double own() {
        return own;
    }

    /** The sum of the exponentials of the other classes. */
    double others() {
        return others;
    }

    /** The sum of all exponentials of the row. */
    double total() {
        return own + others;
    }

    /** -log p of the class, given its d. */
    double minusLog(double ofClass) {
        double ratio = others / own;
        return ratio <= Double.MAX_VALUE ? logOnePlus(ratio) : Math.log(own + others) - ofClass;
    }

    /**
     * Reads a whole row: afterwards d replaces the inputs, and -log p_c is {@link #logSum} - d_c.
     *
     * @return false if the softmax of the row is NaN
     */
    boolean read(int row) {
        int at = row * n;
        own = 0;
        others = workspace.sum.of(e, at, n);
        if (Double.isNaN(others)) {
            shift(row);
            others = workspace.sum.of(e, at, n);
        }
        dominant = -1;
        logSum = n == 0 ? 0 : Math.log(others);
        double largest = workspace.largest.of(e, at, n);
        if (largest > others / 2) {
            dominant = place(largest, at);
            split(row, dominant);
            logSum = logOnePlus(others / own);
            RowLoops.subtract(d, at, n, d[at + dominant]);
        }
        return !Double.isNaN(others);
    }

    /** Turns to one class of the row that was read as a whole. */
    void turnTo(int row, int c) {
        if (c != dominant) {
            // at most half of the whole, so that the subtraction loses no digits of the rest
            double total = own + others;
            own = e[row * n + c];
            others = total - own;
        }
    }

    /**
     * Turns a row that was read as a whole into its gradient, (p_c Q - q_c) times a scale.
     *
     * @param q the effective targets of all rows; Q is the sum of this one's
     */
    void denseGradient(int row, double[] q, double scale) {
        int at = row * n;
        double all = workspace.sum.of(q, at, n);
        RowLoops.multiplySubtract(e, q, at, n, all / total(), scale);
        if (dominant >= 0) {
            // p Q - q = ((Q - q) e - q others) / total: where p is near 1 the small difference survives
            double ofDominant = q[at + dominant];
            double difference = FusedMultiplyAdd.of(all - ofDominant, own, -(ofDominant * others));
            e[at + dominant] = difference * (scale / total());
        }
    }

    private int place(double value, int at) {
        int c = 0;
        while (e[at + c] != value) {
            c++;
        }
        return c;
    }

    /** The logarithm of the sum of the row's exp(d_c). */
    double logSum() {
        return logSum;
    }

    /** Computes e again with d = x - max x, which works for any logits. */
    private void shift(int row) {
        int at = row * n;
        RowLoops.subtract(d, at, n, workspace.largest.of(d, at, n));
        workspace.exponentials(d, e, at, n);
    }

    /** log1p, by the logarithm that the JIT compiler replaces by fast instructions. */
    static double logOnePlus(double a) {
        double u = 1 + a;
        return Math.log(u) + (a - (u - 1)) / u;
    }
}
