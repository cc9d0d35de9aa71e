/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * A {@link Tile} with the rows side by side: an array for each class, so that a loop over rows is one over neighbours. For few
 * classes, where a row is too short for vectors.
 *
 * <p>One array for all classes would not do: the JIT compiler keeps from vectors where two places of one array, a variable
 * distance apart, might overlap.
 */
public final class ColumnTile {
    public final int classes;
    /** The length that loops have, a multiple of {@link Workspace#PADDING}; behind the rows there are zeros. */
    public final int length;

    public int rows;
    /** The inputs. */
    public final double[][] x;
    /** Targets of the input's shape, or null. */
    public final double[][] y;
    /** Class indices of the whole batch, or null; this tile's begin at {@link #first}. */
    public final int[] index;

    public int first;
    /** Whether inputs and results are floats: then {@link ShortExponential} does. */
    public boolean inFloats;
    /** Rows that take no part, whose numbers are 0. Kernels leave numbers in their results that mean nothing. */
    public final boolean[] skip;
    /** One loss per row, the sum over its elements if need be. */
    public final double[] loss;
    /** By classes, as the inputs: working memory of the kernel, and where the gradient goes if it is wanted. */
    public final double[][] gradient;

    public final boolean wantsLoss;
    public final boolean wantsGradient;

    public ColumnTile(
            int classes,
            int length,
            double[][] x,
            double[][] y,
            int[] index,
            boolean[] skip,
            double[] loss,
            double[][] gradient,
            boolean wantsLoss,
            boolean wantsGradient) {
        this.classes = classes;
        this.length = length;
        this.x = x;
        this.y = y;
        this.index = index;
        this.skip = skip;
        this.loss = loss;
        this.gradient = gradient;
        this.wantsLoss = wantsLoss;
        this.wantsGradient = wantsGradient;
    }
}
