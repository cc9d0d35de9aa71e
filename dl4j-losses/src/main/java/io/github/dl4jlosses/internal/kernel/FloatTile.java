/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** A {@link Tile} of class indices in float: what a {@link FloatKernel} works on. */
public final class FloatTile {
    public final int classes;
    /** At most {@link Workspace#CHUNK}. */
    public int rows;
    /** The inputs; afterwards the gradient, if it is wanted. */
    public final float[] x;
    /** Class indices of the whole batch; this tile's begin at {@link #first}. */
    public final int[] index;

    public int first;
    /** Rows that take no part, whose numbers are 0. Kernels leave numbers in their results that mean nothing. */
    public final boolean[] skip;
    /** One loss per row. */
    public final double[] loss;

    public final boolean wantsLoss;
    public final boolean wantsGradient;

    public FloatTile(
            int classes,
            float[] x,
            int[] index,
            boolean[] skip,
            double[] loss,
            boolean wantsLoss,
            boolean wantsGradient) {
        this.classes = classes;
        this.x = x;
        this.index = index;
        this.skip = skip;
        this.loss = loss;
        this.wantsLoss = wantsLoss;
        this.wantsGradient = wantsGradient;
    }
}
