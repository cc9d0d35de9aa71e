/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

import io.github.dl4jlosses.internal.Results.LossOf;
import io.github.dl4jlosses.internal.kernel.FloatKernel;
import io.github.dl4jlosses.internal.kernel.FloatTile;
import io.github.dl4jlosses.internal.kernel.Workspace;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.memory.Scratch;
import io.github.dl4jlosses.internal.memory.Scratch.FloatUse;
import io.github.dl4jlosses.internal.memory.Scratch.Use;
import java.util.Arrays;

/** The tiles of a pass in float, where the kernel has that form: in, through the kernel, and out. */
final class FloatTiles implements FastTiles {
    private final FloatKernel kernel;
    private final boolean lossPerRow;
    private final Pass pass;
    private final Rows input;
    private final Rows dense;
    private final Results results;
    private final FloatTile tile;
    private double sum;

    private FloatTiles(FloatKernel kernel, Pass pass, int rows, Results results) {
        this.kernel = kernel;
        this.lossPerRow = pass.kernel.lossPerRow();
        this.pass = pass;
        this.input = pass.input;
        this.dense = pass.dense;
        this.results = results;
        Scratch scratch = Scratch.ofThread();
        int n = rows * input.classes();
        this.tile = new FloatTile(
                input.classes(),
                scratch.floats(FloatUse.INPUT, n),
                dense == null ? null : scratch.floats(FloatUse.TARGET, n),
                pass.classTargets == null ? null : pass.classTargets.index(),
                scratch.flags(rows),
                scratch.doubles(Use.LOSS, n),
                results.wantsLoss,
                results.gradient != null);
    }

    /** Whether a pass is one for floats, as far as its kernel and its inputs go. */
    static boolean serve(Pass pass) {
        return pass.input.classes() > 0
                && pass.input.areFloats()
                && (pass.dense == null || pass.dense.areFloats())
                && (pass.mask == null || !pass.mask.perOutput())
                && pass.kernel.inFloat() != null;
    }

    /** Null where the results that are asked for take other tiles. */
    static FloatTiles of(Pass pass, int rows, Results results) {
        boolean served = serve(pass)
                && (results.gradient == null || results.gradient.areFloats())
                && results.targetGradient == null
                && (results.losses == null || results.lossOf == LossOf.ELEMENT);
        return served ? new FloatTiles(pass.kernel.inFloat(), pass, rows, results) : null;
    }

    @Override
    public boolean run(long first, int rows, double scale) {
        tile.rows = rows;
        tile.first = (int) first;
        input.read(first, rows, tile.x);
        if (dense != null) {
            dense.read(first, rows, tile.y);
        }
        boolean skips = pass.markSkipped(first, rows, tile.skip);
        if (!kernel.compute(tile, scale)) {
            return false;
        }
        int perRow = lossPerRow ? 1 : tile.classes;
        if (skips) {
            clearSkipped(perRow);
        }
        sum = results.wantsLoss ? Workspace.sum().of(tile.loss, 0, rows * perRow) : 0;
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
        return sum;
    }

    private void clearSkipped(int perRow) {
        for (int r = 0; r < tile.rows; r++) {
            if (tile.skip[r]) {
                Arrays.fill(tile.loss, r * perRow, (r + 1) * perRow, 0);
                Arrays.fill(tile.x, r * tile.classes, (r + 1) * tile.classes, 0);
            }
        }
    }
}
