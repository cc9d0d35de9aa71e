/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

/** One form of the tiles of a pass: rows in, through the kernel, results out. {@link Pass} decides which form serves. */
interface Tiles {
    /**
     * Computes rows {@code first} to {@code first + rows}.
     *
     * @return false, and nothing written, where these numbers take {@link DoubleTiles}, which take all
     */
    boolean run(long first, int rows, double scale);

    /** The sum of the losses of the last tile; 0 where no loss is wanted, or where {@link #finish} has it. */
    double sum();

    /**
     * To be called once, after the last tile.
     *
     * @return what the sums of the tiles lack; not finite where nothing that was written holds, and all rows take
     *     {@link DoubleTiles}
     */
    default double finish() {
        return 0;
    }
}
