/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** The arithmetic of one loss over the rows of a {@link Tile}; immutable, knows nothing of arrays, masks or layers. */
public interface Kernel {

    /**
     * Whether a row has one loss (the class-index and probability losses) or one per element (the others).
     *
     * @return true for one loss per row
     */
    boolean lossPerRow();

    /**
     * Computes losses and, where asked for, gradients of all rows that are not skipped.
     *
     * @param tile inputs and results
     * @param scale what every gradient is multiplied by: the reciprocal of the reduction's denominator, and a factor
     */
    void compute(Tile tile, double scale);

    /**
     * The same loss in float, for float inputs.
     *
     * @return null where there is none, or where it would not be faster
     */
    default FloatKernel inFloat() {
        return null;
    }

    /**
     * The same loss with the rows side by side, for few classes.
     *
     * @return null where there is none
     */
    default ColumnKernel inColumns() {
        return null;
    }

    /**
     * The first element of the tile, row after row, whose value torch refuses.
     *
     * @param tile the inputs
     * @return its place in the tile's arrays, or -1
     */
    default int firstRefused(Tile tile) {
        return -1;
    }

    /**
     * Which of a refused element's two values is at fault.
     *
     * @param x its input
     * @param y its target
     * @return true for the target
     */
    default boolean refusesTarget(double x, double y) {
        return false;
    }
}
