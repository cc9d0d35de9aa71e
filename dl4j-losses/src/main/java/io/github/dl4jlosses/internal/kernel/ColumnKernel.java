/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The arithmetic of a loss over the rows of a {@link ColumnTile} with moderate numbers; other tiles go to the
 * {@link Kernel}.
 */
public interface ColumnKernel {

    /**
     * Computes losses and, where wanted, gradients of all rows.
     *
     * @param scale the factor of every gradient
     * @return false if the tile must go to the {@link Kernel}; its arrays are then undefined
     */
    boolean compute(ColumnTile tile, double scale);
}
