/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

import io.github.dl4jlosses.internal.Pass.Results;
import io.github.dl4jlosses.internal.kernel.FloatKernel;
import io.github.dl4jlosses.internal.kernel.FloatTile;
import io.github.dl4jlosses.internal.kernel.RunningSum;
import io.github.dl4jlosses.internal.kernel.Workspace;
import io.github.dl4jlosses.internal.memory.Scratch;
import io.github.dl4jlosses.internal.memory.Scratch.FloatUse;
import io.github.dl4jlosses.internal.memory.Scratch.Use;
import java.util.Arrays;

/** The tiles of a pass in float, where the kernel has that form: in, through the kernel, and out. */
final class FloatTiles implements Tiles {
    private final FloatKernel kernel;
    private final Batch batch;
    private final Results results;
    private final FloatTile tile;
    /** Of single elements. */
    private final RunningSum sum;

    FloatTiles(Batch batch, int rows, Results results) {
        this.kernel = batch.kernel.inFloat();
        this.batch = batch;
        this.results = results;
        this.tile = tile(rows);
        boolean addsUp = results.wantsLoss || kernel.isJudgedByLosses();
        this.sum = tile.losses != null && addsUp ? Workspace.runningSum() : null;
    }

    private FloatTile tile(int rows) {
        Scratch scratch = Scratch.ofThread();
        int classes = batch.input.classes();
        int n = rows * classes;
        float[] x = scratch.floats(FloatUse.INPUT, n);
        boolean[] skip = scratch.flags(rows);
        boolean wantsLoss = results.wantsLoss;
        boolean wantsGradient = results.gradient != null;
        if (batch.dense == null) {
            double[] loss = scratch.doubles(Use.LOSS, rows);
            int[] index = batch.classTargets.index();
            return FloatTile.ofClasses(classes, x, index, skip, loss, wantsLoss, wantsGradient);
        }
        float[] y = scratch.floats(FloatUse.TARGET, n);
        if (kernel.addsUpRows()) {
            return FloatTile.ofRows(classes, x, y, skip, scratch.doubles(Use.LOSS, rows), wantsLoss, wantsGradient);
        }
        float[] losses = scratch.floats(FloatUse.LOSS, n);
        return FloatTile.ofElements(classes, x, y, skip, losses, wantsLoss, wantsGradient);
    }

    @Override
    public void begin() {
        if (sum != null) {
            sum.reset();
        }
    }

    @Override
    public boolean run(long first, int rows, double scale) {
        tile.rows = rows;
        tile.first = first;
        batch.input.read(first, rows, tile.x);
        if (batch.dense != null) {
            batch.dense.read(first, rows, tile.y);
        }
        boolean skips = batch.markSkipped(first, rows, tile.skip);
        if (skips) {
            clearSkipped(first);
        }
        if (!kernel.compute(tile, scale)) {
            return false;
        }
        if (skips) {
            clearSkipped(first);
        }
        if (sum != null) {
            sum.add(tile.losses, rows * tile.classes);
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
        return results.wantsLoss && tile.loss != null ? Workspace.sum().of(tile.loss, 0, tile.rows) : 0;
    }

    @Override
    public double finish() {
        return sum == null ? 0 : sum.value();
    }

    /** Zeros instead of the numbers that take no part: a masked element may hold anything. */
    private void clearSkipped(long first) {
        for (int r = 0; r < tile.rows; r++) {
            if (tile.skip[r]) {
                clear(r * tile.classes, tile.classes);
                if (tile.loss != null) {
                    tile.loss[r] = 0;
                }
            }
        }
        if (batch.mask != null && batch.mask.perOutput()) {
            double[] kept = batch.mask.read(first, tile.rows);
            for (int i = 0; i < tile.rows * tile.classes; i++) {
                if (kept[i] == 0) {
                    clear(i, 1);
                }
            }
        }
    }

    private void clear(int from, int n) {
        clear(tile.x, from, n);
        clear(tile.y, from, n);
        clear(tile.losses, from, n);
    }

    private static void clear(float[] values, int from, int n) {
        if (values != null) {
            Arrays.fill(values, from, from + n, 0);
        }
    }
}
