/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

/**
 * One form of the tiles of a pass: rows in, through the kernel, results out. {@link Pass} decides which form to use.
 */
interface Tiles {
    /** Must be called before the first tile of a block. */
    default void begin() {}

    /**
     * Computes rows {@code first} to {@code first + rows}.
     *
     * @return false, with nothing written, if these numbers need {@link DoubleTiles}, which accept all
     */
    boolean run(long first, int rows, double scale);

    /** The sum of the losses of the last tile; 0 if no loss is wanted, or if {@link #finish} returns it. */
    double sum();

    /**
     * Must be called once, after the last tile of a block.
     *
     * @return the sum that {@link #sum} left out; not finite if everything written is invalid and all rows need
     *     {@link DoubleTiles}
     */
    default double finish() {
        return 0;
    }
}
