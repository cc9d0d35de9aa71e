/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

import io.github.dl4jlosses.internal.Pass.Results;
import io.github.dl4jlosses.internal.kernel.ColumnKernel;
import io.github.dl4jlosses.internal.kernel.ColumnTile;
import io.github.dl4jlosses.internal.kernel.Workspace;
import io.github.dl4jlosses.internal.memory.Scratch;
import io.github.dl4jlosses.internal.memory.Scratch.Use;
import java.util.Arrays;

/** The tiles of a pass over few classes, with the rows side by side, for kernels that have this form. */
final class ColumnTiles implements Tiles {
    private static final int ROWS = 512;
    private static final int ELEMENTS = 4096;

    private final ColumnKernel kernel;
    private final Batch batch;
    private final Results results;
    private final ColumnTile tile;

    ColumnTiles(Batch batch, int rows, Results results) {
        this.kernel = batch.kernel.inColumns();
        this.batch = batch;
        this.results = results;
        Scratch scratch = Scratch.ofThread();
        int length = Workspace.padded(rows);
        int classes = batch.input.classes();
        this.tile = new ColumnTile(
                classes,
                length,
                scratch.columns(Use.INPUT, classes, length),
                batch.dense == null ? null : scratch.columns(Use.TARGET, classes, length),
                batch.classTargets == null ? null : batch.classTargets.index(),
                scratch.flags(rows),
                scratch.doubles(Use.LOSS, length),
                scratch.columns(Use.GRADIENT, classes, length),
                results.wantsLoss,
                results.gradient != null);
        tile.inFloats = batch.input.areFloats();
    }

    @Override
    public boolean run(long first, int rows, double scale) {
        tile.rows = rows;
        tile.first = first;
        batch.input.readColumns(first, rows, tile.x);
        if (batch.dense != null) {
            batch.dense.readColumns(first, rows, tile.y);
        }
        boolean skips = batch.markSkipped(first, rows, tile.skip);
        clearLeftOut(skips);
        if (!kernel.compute(tile, scale)) {
            return false;
        }
        for (int r = 0; r < rows && skips; r++) {
            if (tile.skip[r]) {
                tile.loss[r] = 0;
                clear(tile.gradient, r, r + 1);
            }
        }
        if (results.gradient != null) {
            results.gradient.writeColumns(first, rows, tile.gradient);
        }
        if (results.losses != null) {
            results.writeLosses(first, rows, tile.loss);
        }
        return true;
    }

    @Override
    public double sum() {
        return results.wantsLoss ? Workspace.sum().of(tile.loss, 0, tile.rows) : 0;
    }

    /** Clears what is left out, so that it is neither too large for this form nor slows down a loop. */
    private void clearLeftOut(boolean skips) {
        if (tile.rows < tile.length) {
            clear(tile.x, tile.rows, tile.length);
            clear(tile.y, tile.rows, tile.length);
        }
        for (int r = 0; r < tile.rows && skips; r++) {
            if (tile.skip[r]) {
                clear(tile.x, r, r + 1);
                clear(tile.y, r, r + 1);
            }
        }
    }

    private void clear(double[][] values, int from, int to) {
        for (int c = 0; c < tile.classes && values != null; c++) {
            Arrays.fill(values[c], from, to, 0);
        }
    }

    /** The number of rows in a tile: enough for long loops, few enough for the nearer caches. */
    static int rows(int classes) {
        return Workspace.padded(Math.min(ROWS, ELEMENTS / classes));
    }
}
