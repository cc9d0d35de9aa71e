/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The softmax of the rows of a {@link ColumnTile}, all rows at once.
 *
 * <p>With e_c = exp(x_c), one pass over the classes gives the largest e and the sum of the others: of the largest so
 * far and the next, the smaller one joins the sum. So nothing is ever subtracted from a sum. For doubles the error of
 * its additions is carried along; otherwise a hundred classes would cost as many roundings.
 */
final class SoftmaxColumns {
    /** The most rows in a tile. */
    static final int ROWS = Workspace.CHUNK;

    private final Workspace workspace;
    private final double[] largest = new double[ROWS];
    private final double[] rest = new double[ROWS];
    private final double[] lost = new double[ROWS];
    private final double[] largestInput = new double[ROWS];
    private final double[] logOfRest = new double[ROWS];
    private final double[] factor = new double[ROWS];
    private final double[] sum = new double[ROWS];
    private final double[] lostOfSum = new double[ROWS];
    /** Whether results become floats, for which plain sums are exact enough. */
    private boolean inFloats;

    SoftmaxColumns(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Reads a tile, whose gradients become e; false if a logit is too large. */
    boolean read(ColumnTile tile) {
        int n = tile.length;
        inFloats = tile.inFloats;
        exponentials(tile);
        Columns.fill(largest, 0, n);
        Columns.fill(rest, 0, n);
        Columns.fill(lost, 0, n);
        for (int c = 0; c < tile.classes; c++) {
            if (inFloats) {
                split(tile.gradient[c], largest, rest, n);
            } else {
                split(tile.gradient[c], largest, rest, lost, n);
            }
        }
        return !Double.isNaN(workspace.sum.of(rest, 0, tile.rows) + workspace.sum.of(largest, 0, tile.rows));
    }

    /** The exponentials of as many classes at once as fit. */
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

    /** {@code rest} gets the sum, and {@code lost} the amount by which it is too large. */
    private static void split(double[] e, double[] largest, double[] rest, double[] lost, int n) {
        for (int i = 0; i < n; i++) {
            double smaller = Math.min(largest[i], e[i]) - lost[i];
            double next = rest[i] + smaller;
            lost[i] = (next - rest[i]) - smaller;
            rest[i] = next;
            largest[i] = Math.max(largest[i], e[i]);
        }
    }

    /** The largest exponential of a row. */
    double largest(int row) {
        return largest[row];
    }

    /** The sum of all exponentials of a row except the largest. */
    double rest(int row) {
        return rest[row] - lost[row];
    }

    /** A number divided by the sum of all exponentials of a row. */
    double overTotal(double number, int row) {
        return inFloats ? number / (largest[row] + rest[row]) : quotient(number, 0, largest[row], rest[row], lost[row]);
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
     * @return false if a target is not finite
     */
    boolean denseGradient(ColumnTile tile, double scale) {
        int n = tile.length;
        Columns.fill(sum, 0, n);
        Columns.fill(lostOfSum, 0, n);
        for (int c = 0; c < tile.classes; c++) {
            if (inFloats) {
                Columns.add(sum, tile.y[c], n);
            } else {
                Columns.add(sum, lostOfSum, tile.y[c], n);
            }
        }
        if (inFloats) {
            factors(sum, largest, rest, factor, n);
        } else {
            factors(sum, lostOfSum, largest, rest, lost, factor, n);
        }
        for (int c = 0; c < tile.classes; c++) {
            Columns.multiplySubtract(tile.gradient[c], factor, tile.y[c], scale, n);
        }
        correctLargest(tile, scale);
        return ElementKernel.isFinite(workspace.sum.of(sum, 0, tile.rows));
    }

    private void correctLargest(ColumnTile tile, double scale) {
        for (int r = 0; r < tile.rows; r++) {
            double others = rest(r);
            if (largest[r] > others) {
                // p Q - q = ((Q - q) e - q others) / total: where p is near 1 the small difference survives
                int c = classOfLargest(tile, r);
                double q = tile.y[c][r];
                double difference = ((sum[r] - q) - lostOfSum[r]) * largest[r] - q * others;
                tile.gradient[c][r] = overTotal(difference, r) * scale;
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

    private static void factors(
            double[] sum, double[] lostOfSum, double[] largest, double[] rest, double[] lost, double[] factor, int n) {
        for (int i = 0; i < n; i++) {
            factor[i] = quotient(sum[i], lostOfSum[i], largest[i], rest[i], lost[i]);
        }
    }

    /** (sum - lostOfSum) / (largest + rest - lost), with fused multiply-add rounded once. */
    private static double quotient(double sum, double lostOfSum, double largest, double rest, double lost) {
        double total = largest + rest;
        if (!FusedMultiplyAdd.IS_FAST) {
            return (sum - lostOfSum) / (total - lost);
        }
        double added = total - largest;
        double rounded = (largest - (total - added)) + (rest - added);
        double inverse = 1 / total;
        double quotient = sum * inverse;
        double remainder = Math.fma(-quotient, total, sum) - lostOfSum - quotient * (rounded - lost);
        return Math.fma(remainder, inverse, quotient);
    }
}
