/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The softmax of the rows of a {@link ColumnTile}, all rows at once.
 *
 * <p>With e_c = exp(x_c), the largest and the sum of the others come out of one way over the classes: of the largest so far
 * and the next, the smaller one joins the sum. So nothing is ever subtracted from a sum.
 */
final class SoftmaxColumns {
    /** At most so many rows are in a tile. */
    static final int ROWS = Workspace.CHUNK;

    private final Workspace workspace;
    private final double[] largest = new double[ROWS];
    private final double[] rest = new double[ROWS];
    private final double[] largestInput = new double[ROWS];
    private final double[] logOfRest = new double[ROWS];
    private final double[] factor = new double[ROWS];
    private final double[] sum = new double[ROWS];

    SoftmaxColumns(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Reads a tile: its gradients become e. False where a logit is too large. */
    boolean read(ColumnTile tile) {
        int n = tile.length;
        exponentials(tile);
        Columns.fill(largest, 0, n);
        Columns.fill(rest, 0, n);
        for (int c = 0; c < tile.classes; c++) {
            split(tile.gradient[c], largest, rest, n);
        }
        return !Double.isNaN(workspace.sum.of(rest, 0, tile.rows) + workspace.sum.of(largest, 0, tile.rows));
    }

    /** Of as many classes at once as there is room for. */
    private void exponentials(ColumnTile tile) {
        int n = tile.length;
        if (tile.inFloats && FusedMultiplyAdd.IS_FAST) {
            for (int c = 0; c < tile.classes; c++) {
                ShortExponential.of(tile.x[c], tile.gradient[c], n);
            }
            return;
        }
        int atOnce = Workspace.CHUNK / n;
        for (int first = 0; first < tile.classes; first += atOnce) {
            int run = Math.min(atOnce, tile.classes - first);
            for (int c = 0; c < run; c++) {
                System.arraycopy(tile.x[first + c], 0, workspace.a, c * n, n);
            }
            workspace.exponential.ofModerate(workspace.a, workspace.a, run * n);
            for (int c = 0; c < run; c++) {
                System.arraycopy(workspace.a, c * n, tile.gradient[first + c], 0, n);
            }
        }
    }

    private static void split(double[] e, double[] largest, double[] rest, int n) {
        for (int i = 0; i < n; i++) {
            rest[i] += Math.min(largest[i], e[i]);
            largest[i] = Math.max(largest[i], e[i]);
        }
    }

    /** The largest exponential of a row. */
    double largest(int row) {
        return largest[row];
    }

    /** The sum of all exponentials of a row but the largest. */
    double rest(int row) {
        return rest[row];
    }

    /** For {@link #minusLogs}: the largest logit of each row, and -log of its probability. */
    void prepareLogs(ColumnTile tile) {
        int n = tile.length;
        Columns.fill(largestInput, Double.NEGATIVE_INFINITY, n);
        for (int c = 0; c < tile.classes; c++) {
            larger(tile.x[c], largestInput, n);
        }
        Columns.divide(rest, largest, logOfRest, n);
        workspace.logarithm.ofOnePlus(logOfRest, logOfRest, n);
    }

    private static void larger(double[] x, double[] largest, int n) {
        for (int i = 0; i < n; i++) {
            largest[i] = Math.max(x[i], largest[i]);
        }
    }

    /** Replaces the inputs of one class by -log p. */
    void minusLogs(ColumnTile tile, int c) {
        minusLogs(tile.x[c], largestInput, logOfRest, tile.length);
    }

    private static void minusLogs(double[] x, double[] largest, double[] log, int n) {
        for (int i = 0; i < n; i++) {
            x[i] = (largest[i] - x[i]) + log[i];
        }
    }

    /**
     * Turns e into the gradient p_c Q - q_c times a scale, Q being the sum of the effective targets q, in place of the
     * targets.
     *
     * @return false where a target is not finite
     */
    boolean denseGradient(ColumnTile tile, double scale) {
        int n = tile.length;
        Columns.fill(sum, 0, n);
        for (int c = 0; c < tile.classes; c++) {
            Columns.add(sum, tile.y[c], n);
        }
        factors(sum, largest, rest, factor, n);
        for (int c = 0; c < tile.classes; c++) {
            Columns.multiplySubtract(tile.gradient[c], factor, tile.y[c], scale, n);
        }
        correctLargest(tile, scale);
        return ElementKernel.isFinite(workspace.sum.of(sum, 0, tile.rows));
    }

    private void correctLargest(ColumnTile tile, double scale) {
        for (int r = 0; r < tile.rows; r++) {
            if (largest[r] > rest[r]) {
                // p Q - q = ((Q - q) e - q others) / total: where p is near 1 the small difference survives
                int c = classOfLargest(tile, r);
                double q = tile.y[c][r];
                tile.gradient[c][r] = ((sum[r] - q) * largest[r] - q * rest[r]) * (scale / (largest[r] + rest[r]));
            }
        }
    }

    private int classOfLargest(ColumnTile tile, int row) {
        int c = 0;
        while (tile.x[c][row] != largestInput[row]) {
            c++;
        }
        return c;
    }

    private static void factors(double[] sum, double[] largest, double[] rest, double[] factor, int n) {
        for (int i = 0; i < n; i++) {
            factor[i] = sum[i] / (largest[i] + rest[i]);
        }
    }
}
