/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The arithmetic of a loss in float, within a few ulp of the largest term, for tiles whose numbers are moderate; the
 * {@link Kernel} in double serves everywhere.
 */
public interface FloatKernel {

    /**
     * Computes losses and, where wanted, gradients of all rows.
     *
     * @param scale what every gradient is multiplied by
     * @return false where the tile must be computed in double; then its arrays hold nothing of use
     */
    boolean compute(FloatTile tile, double scale);

    /**
     * Whether numbers that need double show by a sum of losses that is not finite; then {@link #compute} takes any, and where
     * no losses are wanted it leaves numbers in their place whose sum is finite where that of the losses is.
     */
    default boolean isJudgedByLosses() {
        return false;
    }

    /** Whether there is one loss for each row where targets are numbers; else each element has one. */
    default boolean addsUpRows() {
        return false;
    }

    /** Whether rows of so many classes are faster in float. */
    default boolean isWorthwhile(int classes) {
        return true;
    }

    /** Of how many rows the number of rows in a tile should be a multiple. */
    default int rowsTogether(int classes) {
        return 1;
    }
}
