/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * A {@link Tile} with the rows side by side: an array for each class, so that a loop over rows reads neighbouring
 * numbers. It is for few classes, where a row is too short for vectors.
 *
 * <p>One array for all classes would not do: the JIT compiler does not vectorise loops over two places of one array, a
 * variable distance apart, because they might overlap.
 *
 * <p>There is one loss per row, if need be the sum over its elements. Skipped rows hold zeros.
 */
public final class ColumnTile extends RowTile {
    /** The length of loops, a multiple of {@link Workspace#PADDING}; after the rows there are zeros. */
    public final int length;

    /** The inputs. */
    public final double[][] x;
    /** Targets of the input's shape, or null. */
    public final double[][] y;
    /** An array for each class, as for the inputs: working memory of the kernel, and the gradient if it is wanted. */
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
