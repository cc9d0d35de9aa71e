/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The arithmetic of a loss over the rows of a {@link ColumnTile} whose numbers are moderate; what is not goes to the
 * {@link Kernel}.
 */
public interface ColumnKernel {

    /**
     * Computes losses and, where wanted, gradients of all rows.
     *
     * @param scale what every gradient is multiplied by
     * @return false where the tile must go to the {@link Kernel}; then its arrays hold nothing of use
     */
    boolean compute(ColumnTile tile, double scale);
}
