/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

import io.github.dl4jlosses.internal.Pass.Results;
import io.github.dl4jlosses.internal.kernel.FloatKernel;
import io.github.dl4jlosses.internal.kernel.FloatTile;
import io.github.dl4jlosses.internal.kernel.Workspace;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.memory.Scratch;
import io.github.dl4jlosses.internal.memory.Scratch.FloatUse;
import io.github.dl4jlosses.internal.memory.Scratch.Use;
import java.util.Arrays;

/** The tiles of a pass over class indices in float, where the kernel has that form: in, through the kernel, and out. */
final class FloatTiles implements Tiles {
    private final FloatKernel kernel;
    private final Batch batch;
    private final Rows input;
    private final Results results;
    private final FloatTile tile;

    FloatTiles(Batch batch, int rows, Results results) {
        this.kernel = batch.kernel.inFloat();
        this.batch = batch;
        this.input = batch.input;
        this.results = results;
        Scratch scratch = Scratch.ofThread();
        int n = rows * input.classes();
        this.tile = new FloatTile(
                input.classes(),
                scratch.floats(FloatUse.INPUT, n),
                batch.classTargets.index(),
                scratch.flags(rows),
                scratch.doubles(Use.LOSS, rows),
                results.wantsLoss,
                results.gradient != null);
    }

    @Override
    public boolean run(long first, int rows, double scale) {
        tile.rows = rows;
        tile.first = first;
        input.read(first, rows, tile.x);
        boolean skips = batch.markSkipped(first, rows, tile.skip);
        if (skips) {
            clearSkipped();
        }
        if (!kernel.compute(tile, scale)) {
            return false;
        }
        if (skips) {
            clearSkipped();
        }
        if (results.gradient != null) {
            results.gradient.write(first, rows, tile.x);
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

    private void clearSkipped() {
        for (int r = 0; r < tile.rows; r++) {
            if (tile.skip[r]) {
                tile.loss[r] = 0;
                Arrays.fill(tile.x, r * tile.classes, (r + 1) * tile.classes, 0);
            }
        }
    }
}
