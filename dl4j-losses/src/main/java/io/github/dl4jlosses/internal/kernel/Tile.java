/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/**
 * A few rows of a batch on the heap, row after row, with the places for their results: the data of a {@link Kernel}.
 *
 * <p>The arrays are reused from tile to tile and may be longer than the tile. There is one loss per row or per element,
 * as {@link Kernel#lossPerRow} says; a kernel does not write the results of skipped rows.
 */
public final class Tile extends RowTile {
    /** The inputs. */
    public final double[] x;
    /** Targets that are numbers, as many per row as the kernel takes; or null. */
    public final double[] y;
    /** Working memory of the kernel, and the gradient if it is wanted. */
    public final double[] gradient;

    /** The gradient of the targets; null if it is not wanted. */
    public final double[] targetGradient;

    /** The number of elements after which per-output options repeat. */
    int outputs;

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
        super(classes, index, skip, loss, wantsLoss, wantsGradient);
        this.x = x;
        this.y = y;
        this.gradient = gradient;
        this.targetGradient = targetGradient;
        this.outputs = classes;
    }
}
