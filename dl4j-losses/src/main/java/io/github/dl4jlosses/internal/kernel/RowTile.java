/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** A few rows of a batch on the heap, with the places for their results. */
public abstract class RowTile {
    public final int classes;
    public int rows;
    /** Class indices of the whole batch, or null; this tile's begin at {@link #first}. */
    public final int[] index;

    public long first;
    /** Rows that are left out: masked or ignored. */
    public final boolean[] skip;

    public final double[] loss;
    public final boolean wantsLoss;
    public final boolean wantsGradient;
    /** Whether inputs and results are floats, for which {@link ShortExponential} is exact enough. */
    public boolean inFloats;

    RowTile(int classes, int[] index, boolean[] skip, double[] loss, boolean wantsLoss, boolean wantsGradient) {
        this.classes = classes;
        this.index = index;
        this.skip = skip;
        this.loss = loss;
        this.wantsLoss = wantsLoss;
        this.wantsGradient = wantsGradient;
    }

    /** The class of a row; any class for a row that is left out. */
    final int target(int row) {
        return skip[row] ? 0 : index[(int) first + row];
    }
}
