/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * A {@link Tile} in float: what a {@link FloatKernel} works on. With class indices there are at most {@link Workspace#CHUNK}
 * rows, each with one loss; with targets that are numbers each element has one. The numbers of rows that are skipped are 0.
 */
public final class FloatTile extends RowTile {
    /** The inputs; afterwards the gradient, if it is wanted. */
    public final float[] x;
    /** Targets that are numbers, of the input's shape; or null. */
    public final float[] y;
    /** One loss per element, or null. */
    public final float[] losses;

    private FloatTile(
            int classes,
            float[] x,
            float[] y,
            int[] index,
            boolean[] skip,
            double[] loss,
            float[] losses,
            boolean wantsLoss,
            boolean wantsGradient) {
        super(classes, index, skip, loss, wantsLoss, wantsGradient);
        this.x = x;
        this.y = y;
        this.losses = losses;
    }

    /** With a class and a loss for each row. */
    public static FloatTile ofClasses(
            int classes,
            float[] x,
            int[] index,
            boolean[] skip,
            double[] loss,
            boolean wantsLoss,
            boolean wantsGradient) {
        return new FloatTile(classes, x, null, index, skip, loss, null, wantsLoss, wantsGradient);
    }

    /** With a target for each element, and a loss for each row. */
    public static FloatTile ofRows(
            int classes,
            float[] x,
            float[] y,
            boolean[] skip,
            double[] loss,
            boolean wantsLoss,
            boolean wantsGradient) {
        return new FloatTile(classes, x, y, null, skip, loss, null, wantsLoss, wantsGradient);
    }

    /** With a target and a loss for each element. */
    public static FloatTile ofElements(
            int classes,
            float[] x,
            float[] y,
            boolean[] skip,
            float[] losses,
            boolean wantsLoss,
            boolean wantsGradient) {
        return new FloatTile(classes, x, y, null, skip, null, losses, wantsLoss, wantsGradient);
    }
}
