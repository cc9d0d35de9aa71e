/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

import io.github.dl4jlosses.internal.kernel.FloatKernel;
import io.github.dl4jlosses.internal.kernel.FloatTile;
import io.github.dl4jlosses.internal.kernel.Workspace;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.memory.Scratch;
import io.github.dl4jlosses.internal.memory.Scratch.FloatUse;
import io.github.dl4jlosses.internal.memory.Scratch.Use;
import java.util.Arrays;

/** The tiles of a pass over class indices in float, where the kernel has that form: in, through the kernel, and out. */
final class FloatTiles implements FastTiles {
    private final FloatKernel kernel;
    private final Pass pass;
    private final Rows input;
    private final Results results;
    private final FloatTile tile;

    private FloatTiles(FloatKernel kernel, Pass pass, int rows, Results results) {
        this.kernel = kernel;
        this.pass = pass;
        this.input = pass.input;
        this.results = results;
        Scratch scratch = Scratch.ofThread();
        int n = rows * input.classes();
        this.tile = new FloatTile(
                input.classes(),
                scratch.floats(FloatUse.INPUT, n),
                pass.classTargets.index(),
                scratch.flags(rows),
                scratch.doubles(Use.LOSS, rows),
                results.wantsLoss,
                results.gradient != null);
    }

    /** Whether a pass is one for floats, as far as its kernel and its inputs go. */
    static boolean serve(Pass pass) {
        return pass.input.classes() > 0
                && pass.input.areFloats()
                && pass.classTargets != null
                && pass.kernel.inFloat() != null;
    }

    /** Null where the results that are asked for take other tiles. */
    static FloatTiles of(Pass pass, int rows, Results results) {
        boolean served = serve(pass)
                && (results.gradient == null || results.gradient.areFloats())
                && results.targetGradient == null;
        return served ? new FloatTiles(pass.kernel.inFloat(), pass, rows, results) : null;
    }

    @Override
    public boolean run(long first, int rows, double scale) {
        tile.rows = rows;
        tile.first = (int) first;
        input.read(first, rows, tile.x);
        boolean skips = pass.markSkipped(first, rows, tile.skip);
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
            results.losses.write(first, rows, tile.loss);
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
