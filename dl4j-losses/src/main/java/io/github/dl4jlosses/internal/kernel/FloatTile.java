/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** A {@link Tile} in float: what a {@link FloatKernel} works on. */
public final class FloatTile {
    public final int classes;
    public int rows;
    /** The inputs; afterwards the gradient, if it is wanted. */
    public final float[] x;
    /** Targets of the input's shape, or null. */
    public final float[] y;
    /** Class indices of the whole batch, or null; this tile's begin at {@link #first}. */
    public final int[] index;

    public int first;
    /** Rows that take no part. Kernels leave numbers in their results that mean nothing. */
    public final boolean[] skip;
    /** One loss per row or per element, as {@link Kernel#lossPerRow} says. */
    public final double[] loss;

    public final boolean wantsLoss;
    public final boolean wantsGradient;

    public FloatTile(
            int classes,
            float[] x,
            float[] y,
            int[] index,
            boolean[] skip,
            double[] loss,
            boolean wantsLoss,
            boolean wantsGradient) {
        this.classes = classes;
        this.x = x;
        this.y = y;
        this.index = index;
        this.skip = skip;
        this.loss = loss;
        this.wantsLoss = wantsLoss;
        this.wantsGradient = wantsGradient;
    }
}
