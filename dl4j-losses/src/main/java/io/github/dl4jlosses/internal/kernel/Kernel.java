/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** The arithmetic of one loss over the rows of a {@link Tile}; immutable, knows nothing of arrays, masks or layers. */
public interface Kernel {

    /** Whether a row has one loss (the class-index and probability losses) or one per element (the others). */
    boolean lossPerRow();

    /** The number of losses of a row with this number of inputs. */
    default int losses(int classes) {
        return lossPerRow() ? 1 : classes;
    }

    /**
     * Computes losses and, where asked for, gradients of all rows that are not skipped.
     *
     * @param scale the factor of every gradient: the reciprocal of the reduction's denominator, and a factor
     */
    void compute(Tile tile, double scale);

    /** The same loss for single rows, if a mean weighs rows by something that {@code reduction='none'} leaves out. */
    default Kernel ofSingleLosses() {
        return this;
    }

    /**
     * How many numbers of a row are read; the others are ignored, and their gradient is 0.
     *
     * @param row the row of the batch
     * @param numbers the numbers in the row
     */
    default int read(long row, int numbers) {
        return numbers;
    }

    /** The number of elements of a good tile: enough to hide its overhead, few enough for the nearer caches. */
    default int elementsAtOnce() {
        return 2048;
    }

    /** The same loss in float, for float inputs; null if there is none, or if it is not faster. */
    default FloatKernel inFloat() {
        return null;
    }

    /** The same loss with the rows side by side, for few classes; null if there is none. */
    default ColumnKernel inColumns() {
        return null;
    }
}
