/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * A {@link Tile} with the rows side by side: an array for each class, so that a loop over rows is one over neighbours. For few
 * classes, where a row is too short for vectors.
 *
 * <p>One array for all classes would not do: the JIT compiler keeps from vectors where two places of one array, a variable
 * distance apart, might overlap.
 *
 * <p>There is one loss per row, the sum over its elements if need be. The numbers of rows that are skipped are 0.
 */
public final class ColumnTile extends RowTile {
    /** The length that loops have, a multiple of {@link Workspace#PADDING}; behind the rows there are zeros. */
    public final int length;

    /** The inputs. */
    public final double[][] x;
    /** Targets of the input's shape, or null. */
    public final double[][] y;
    /** By classes, as the inputs: working memory of the kernel, and where the gradient goes if it is wanted. */
    public final double[][] gradient;

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
        super(classes, index, skip, loss, wantsLoss, wantsGradient);
        this.length = length;
        this.x = x;
        this.y = y;
        this.gradient = gradient;
    }
}
