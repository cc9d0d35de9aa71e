/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

import io.github.dl4jlosses.internal.Pass.Results;
import io.github.dl4jlosses.internal.kernel.CompensatedSum;
import io.github.dl4jlosses.internal.kernel.Tile;
import io.github.dl4jlosses.internal.kernel.Workspace;
import io.github.dl4jlosses.internal.memory.Scratch;
import io.github.dl4jlosses.internal.memory.Scratch.Use;
import io.github.dl4jlosses.internal.target.OutputMask;
import java.util.Arrays;

/** The tiles of a pass in double: in, through the kernel, and out. */
final class DoubleTiles implements Tiles {
    private final Batch batch;
    private final OutputMask mask;
    private final Results results;
    private final Tile tile;
    private double sum;

    DoubleTiles(Batch batch, int rows, Results results) {
        this.batch = batch;
        this.mask = batch.mask;
        this.results = results;
        Scratch scratch = Scratch.ofThread();
        int n = rows * Math.max(1, batch.input.classes());
        this.tile = new Tile(
                batch.input.classes(),
                scratch.doubles(Use.INPUT, n),
                batch.dense == null ? null : scratch.doubles(Use.TARGET, n),
                batch.classTargets == null ? null : batch.classTargets.index(),
                scratch.flags(rows),
                scratch.doubles(Use.LOSS, n),
                scratch.doubles(Use.GRADIENT, n),
                results.wantsLoss,
                results.gradient != null,
                results.targetGradient == null ? null : scratch.doubles(Use.TARGET_GRADIENT, n));
        tile.inFloats =
                batch.input.areFloats() && (results.targetGradient == null || results.targetGradient.areFloats());
    }

    @Override
    public boolean run(long first, int rows, double scale) {
        int perRow = lossesPerRow();
        tile.rows = rows;
        tile.first = first;
        load(first);
        batch.kernel.compute(tile, scale);
        clearSkipped(first, perRow);
        // before the losses of a row are merged into one
        sum = results.wantsLoss ? Workspace.sum().of(tile.loss, 0, rows * perRow) : 0;
        store(first);
        return true;
    }

    @Override
    public double sum() {
        return sum;
    }

    private int lossesPerRow() {
        return batch.kernel.losses(tile.classes);
    }

    /** Writes zeros over the rows and elements of the gradient that are left out. */
    void clearLeftOut() {
        tile.rows = 1;
        for (long row = 0; row < results.gradient.count(); row++) {
            tile.first = row;
            batch.markSkipped(row, 1, tile.skip);
            results.gradient.read(row, 1, tile.gradient);
            clearSkipped(row, lossesPerRow());
            int read = batch.kernel.read(row, tile.classes);
            clear(tile.gradient, read, tile.classes - read);
            results.gradient.write(row, 1, tile.gradient);
        }
    }

    private void load(long first) {
        if (tile.classes > 0) {
            batch.input.read(first, tile.rows, tile.x);
            if (batch.dense != null) {
                batch.dense.read(first, tile.rows, tile.y);
            }
        }
        batch.markSkipped(first, tile.rows, tile.skip);
        if (mask != null && mask.perOutput()) {
            neutralizeMasked(mask.read(first, tile.rows));
        }
        int refused = batch.check == null ? -1 : batch.check.firstRefused(tile);
        if (refused >= 0) {
            throw refusal(first, refused);
        }
    }

    /** Replaces masked elements, which may hold anything, by 1/2, which every loss of single elements accepts. */
    private void neutralizeMasked(double[] kept) {
        for (int i = 0; i < tile.rows * tile.classes; i++) {
            if (kept[i] == 0) {
                tile.x[i] = 0.5;
                tile.y[i] = 0.5;
            }
        }
    }

    private IllegalArgumentException refusal(long first, int at) {
        long row = first + at / tile.classes;
        int column = at % tile.classes;
        boolean isTarget = batch.check.acceptsInput(tile.x[at]);
        String where = isTarget
                ? batch.place.ofTarget(batch.dense, row, column) + " is " + tile.y[at]
                : batch.place.ofInput(batch.input, row, column) + " is " + tile.x[at];
        return new IllegalArgumentException(batch.check.message(isTarget) + " (" + where + ")");
    }

    private void clearSkipped(long first, int perRow) {
        int targets = batch.dense == null ? 0 : batch.dense.classes();
        for (int r = 0; r < tile.rows; r++) {
            if (tile.skip[r]) {
                Arrays.fill(tile.loss, r * perRow, (r + 1) * perRow, 0);
                clear(tile.gradient, r * tile.classes, tile.classes);
                clear(tile.targetGradient, r * targets, targets);
            }
        }
        if (mask != null && mask.perOutput()) {
            double[] kept = mask.read(first, tile.rows);
            for (int i = 0; i < tile.rows * tile.classes; i++) {
                if (kept[i] == 0) {
                    tile.loss[i] = 0;
                    clear(tile.gradient, i, 1);
                    clear(tile.targetGradient, i, 1);
                }
            }
        }
    }

    private static void clear(double[] values, int at, int n) {
        if (values != null) {
            Arrays.fill(values, at, at + n, 0);
        }
    }

    private void store(long first) {
        if (results.gradient != null && tile.classes > 0) {
            results.gradient.write(first, tile.rows, tile.gradient);
        }
        if (results.targetGradient != null && tile.classes > 0) {
            results.targetGradient.write(first, tile.rows, tile.targetGradient);
        }
        if (results.losses != null && results.losses.length() > 0) {
            if (results.lossOf != Results.LossOf.ELEMENT) {
                reduceRows(first, results.lossOf == Results.LossOf.ROW_MEAN);
            }
            results.writeLosses(first, tile.rows, tile.loss);
        }
    }

    private void reduceRows(long first, boolean mean) {
        double[] kept = mean && mask != null && mask.perOutput() ? mask.read(first, tile.rows) : null;
        int perRow = lossesPerRow();
        for (int r = 0; r < tile.rows; r++) {
            double sum = CompensatedSum.of(tile.loss, r * perRow, perRow);
            double n = kept == null ? perRow : CompensatedSum.of(kept, r * perRow, perRow);
            // the row's own losses have been read, so its place in the shorter array may be overwritten
            tile.loss[r] = mean && n > 0 ? sum / n : sum;
        }
    }
}
