/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * Sums over the classes of a {@link ColumnTile}, one for each row. Every fourth class goes to a partial sum of its own: a
 * quarter of the roundings in a row, each of a quarter of the size.
 */
final class ColumnSums {
    private static final int PARTS = 4;

    private final double[][] parts = new double[PARTS][Workspace.CHUNK];

    void reset(int n) {
        for (double[] part : parts) {
            Columns.fill(part, 0, n);
        }
    }

    /** The partial sum to which a class is added. */
    double[] of(int c) {
        return parts[c % PARTS];
    }

    /** Writes the sums as the losses of a tile; false if one is not finite. */
    boolean toLosses(ColumnTile tile, Sum sum) {
        Columns.fill(tile.loss, 0, tile.length);
        addTo(tile.loss, tile.length);
        return ElementKernel.isFinite(sum.of(tile.loss, 0, tile.rows));
    }

    /** Adds the sums to others. */
    void addTo(double[] sums, int n) {
        add(parts[0], parts[1], parts[2], parts[3], sums, n);
    }

    private static void add(double[] a, double[] b, double[] c, double[] d, double[] sums, int n) {
        for (int i = 0; i < n; i++) {
            sums[i] += (a[i] + b[i]) + (c[i] + d[i]);
        }
    }
}
