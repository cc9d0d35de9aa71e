/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * A {@link Tile} of class indices in float: what a {@link FloatKernel} works on. There are at most {@link Workspace#CHUNK} rows,
 * each with one loss; the numbers of those that are skipped are 0.
 */
public final class FloatTile extends RowTile {
    /** The inputs; afterwards the gradient, if it is wanted. */
    public final float[] x;

    public FloatTile(
            int classes,
            float[] x,
            int[] index,
            boolean[] skip,
            double[] loss,
            boolean wantsLoss,
            boolean wantsGradient) {
        super(classes, index, skip, loss, wantsLoss, wantsGradient);
        this.x = x;
    }
}
