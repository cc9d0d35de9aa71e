/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

/** Tiles that are fast and do not serve everywhere. */
interface FastTiles {

    /** Computes rows {@code first} to {@code first + rows}; false, and nothing written, where it takes {@link DoubleTiles}. */
    boolean run(long first, int rows, double scale);

    /** The sum of the losses of the last tile. */
    double sum();

    /** Null where a pass is one for {@link DoubleTiles} alone. */
    static FastTiles of(Pass pass, int rows, Results results) {
        FastTiles floats = FloatTiles.of(pass, rows, results);
        return floats == null ? ColumnTiles.of(pass, rows, results) : floats;
    }
}
