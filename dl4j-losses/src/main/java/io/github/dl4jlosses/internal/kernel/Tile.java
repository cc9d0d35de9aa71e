/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/**
 * A few rows of a batch on the heap, row after row, with the places for their results: what a {@link Kernel} works on.
 *
 * <p>The arrays are reused from tile to tile and may be longer than the tile.
 */
public final class Tile {
    public final int classes;
    public int rows;
    /** The inputs. */
    public final double[] x;
    /** Targets of the input's shape, or null. */
    public final double[] y;
    /** Class indices of the whole batch, or null; this tile's begin at {@link #first}. */
    public final int[] index;

    public int first;
    /** Whether inputs and results are floats: then {@link ShortExponential} does. */
    public boolean inFloats;
    /** Rows that take no part: masked or ignored. Kernels leave their results alone. */
    public final boolean[] skip;
    /** One loss per row or per element, as {@link Kernel#lossPerRow} says. */
    public final double[] loss;
    /** Working memory of the kernel, and where the gradient goes if it is wanted. */
    public final double[] gradient;

    public final boolean wantsLoss;
    public final boolean wantsGradient;
    /** Null where it is not asked for. */
    public final double[] targetGradient;

    /** Makes all results of a row NaN. */
    void fillNaN(int row, boolean lossPerRow) {
        fillNaN(loss, row, lossPerRow ? 1 : classes);
        fillNaN(gradient, row, classes);
        fillNaN(targetGradient, row, classes);
    }

    private static void fillNaN(double[] values, int row, int perRow) {
        if (values != null) {
            Arrays.fill(values, row * perRow, (row + 1) * perRow, Double.NaN);
        }
    }

    public Tile(
            int classes,
            double[] x,
            double[] y,
            int[] index,
            boolean[] skip,
            double[] loss,
            double[] gradient,
            boolean wantsLoss,
            boolean wantsGradient,
            double[] targetGradient) {
        this.classes = classes;
        this.x = x;
        this.y = y;
        this.index = index;
        this.skip = skip;
        this.loss = loss;
        this.gradient = gradient;
        this.wantsLoss = wantsLoss;
        this.wantsGradient = wantsGradient;
        this.targetGradient = targetGradient;
    }

    /** A single row with room for its exponentials. */
    static Tile ofRow(double[] x, int n, double[] exponentials) {
        Tile tile = new Tile(n, x, null, null, null, null, exponentials, false, true, null);
        tile.rows = 1;
        return tile;
    }
}
