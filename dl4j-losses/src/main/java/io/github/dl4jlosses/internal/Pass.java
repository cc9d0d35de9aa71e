/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

import io.github.dl4jlosses.internal.kernel.CompensatedSum;
import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.kernel.Tile;
import io.github.dl4jlosses.internal.kernel.Workspace;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.memory.Scratch;
import io.github.dl4jlosses.internal.memory.Scratch.Use;
import io.github.dl4jlosses.internal.shape.Place;
import io.github.dl4jlosses.internal.target.ClassTargets;
import io.github.dl4jlosses.internal.target.OutputMask;
import java.util.Arrays;

/**
 * One way through a batch: tiles of rows in, through the kernel, results out; masked and ignored rows by selection.
 *
 * <p>The tiles and the order of every sum depend on the shape alone, so the same batch gives the same bits.
 */
public final class Pass {
    /** Elements of a tile: large enough to hide its overhead, small enough for the nearest caches. */
    private static final int TILE = 2048;

    /** Elements of a block, whose losses are added up on their own: what one thread takes at a time. */
    private static final long BLOCK = 1 << 17;

    /** Elements from which more than one thread is worth its start. */
    private static final long WORTH_SHARING = 1 << 19;

    private final Kernel kernel;
    private final Rows input;
    private final Rows dense;
    private final ClassTargets classTargets;
    private final OutputMask mask;
    private final Place place;

    private Pass(Kernel kernel, Rows input, Rows dense, ClassTargets classTargets, OutputMask mask, Place place) {
        this.kernel = kernel;
        this.input = input;
        this.dense = dense;
        this.classTargets = classTargets;
        this.mask = mask;
        this.place = place;
    }

    /** A batch whose targets have the input's shape. */
    public static Pass dense(Kernel kernel, Rows input, Rows target, OutputMask mask, Place place) {
        return new Pass(kernel, input, target, null, mask, place);
    }

    /** A batch with a class per row; a mask must have gone into the classes. */
    public static Pass classes(Kernel kernel, Rows input, ClassTargets targets, Place place) {
        return new Pass(kernel, input, null, targets, null, place);
    }

    /** The same batch through another kernel. */
    public Pass with(Kernel other) {
        return new Pass(other, input, dense, classTargets, mask, place);
    }

    public Rows input() {
        return input;
    }

    public Kernel kernel() {
        return kernel;
    }

    /** The number of rows that take part. */
    public long keptRows() {
        return classTargets != null ? classTargets.kept() : mask == null ? input.count() : mask.kept();
    }

    /** The number of elements that take part. */
    public long keptElements() {
        return mask != null && mask.perOutput() ? mask.kept() : keptRows() * input.classes();
    }

    /**
     * Runs the batch.
     *
     * @param scale what gradients are multiplied by
     * @param gradient where the input's gradient goes, or null
     * @param targetGradient where the target's gradient goes, or null
     * @return the sum of the losses
     */
    public double run(double scale, Rows gradient, Rows targetGradient) {
        return run(scale, gradient, targetGradient, null, LossOf.ELEMENT);
    }

    /** Writes the losses, unreduced, as the kernel has them: per row or per element. */
    public void losses(Rows losses) {
        run(1, null, null, losses, LossOf.ELEMENT);
    }

    /**
     * Writes one loss per row.
     *
     * @param losses one number per row
     * @param mean whether losses of single outputs are averaged over the unmasked ones, or summed
     */
    public void rowLosses(Rows losses, boolean mean) {
        run(1, null, null, losses, kernel.lossPerRow() ? LossOf.ELEMENT : mean ? LossOf.ROW_MEAN : LossOf.ROW_SUM);
    }

    private enum LossOf {
        ELEMENT,
        ROW_SUM,
        ROW_MEAN
    }

    private double run(double scale, Rows gradient, Rows targetGradient, Rows losses, LossOf lossOf) {
        Results results = new Results(gradient, targetGradient, losses, lossOf);
        if (input.count() == 0) {
            return 0;
        }
        long elements = Math.max(1, input.classes());
        long rowsOfBlock = Math.max(1, BLOCK / elements / rowsAtOnce()) * rowsAtOnce();
        int blocks = Math.toIntExact((input.count() + rowsOfBlock - 1) / rowsOfBlock);
        if (blocks == 1) {
            double sum = block(0, input.count(), scale, results);
            results.written();
            return sum;
        }
        double[] sums = new double[blocks];
        Thread caller = Thread.currentThread();
        Threads.run(blocks, input.length() < WORTH_SHARING ? 1 : Threads.count(), () -> {
            boolean own = Thread.currentThread() == caller;
            Pass pass = own ? this : copy();
            Results part = own ? results : results.copy();
            return block -> {
                long first = block * rowsOfBlock;
                sums[block] = pass.block(first, Math.min(first + rowsOfBlock, input.count()), scale, part);
            };
        });
        results.written();
        return CompensatedSum.of(sums, 0, blocks);
    }

    /** The rows of a tile. */
    private int rowsAtOnce() {
        return (int) Math.min(input.count(), Math.max(1, TILE / Math.max(1, input.classes())));
    }

    /** For another thread: bulk access to memory has a position. */
    private Pass copy() {
        return new Pass(
                kernel,
                input.copy(),
                dense == null ? null : dense.copy(),
                classTargets,
                mask == null ? null : mask.copy(),
                place);
    }

    /** Rows {@code from} to {@code to}, tile by tile; the sum of their losses. */
    private double block(long from, long to, double scale, Results results) {
        CompensatedSum sum = new CompensatedSum();
        int rowsAtOnce = rowsAtOnce();
        Tile tile = tile(rowsAtOnce, results.gradient != null, results.targetGradient != null);
        int perRow = kernel.lossPerRow() ? 1 : input.classes();
        for (long first = from; first < to; first += rowsAtOnce) {
            tile.rows = (int) Math.min(rowsAtOnce, to - first);
            tile.first = (int) first;
            load(tile, first);
            kernel.compute(tile, scale);
            clearSkipped(tile, first, perRow);
            sum.add(Workspace.sum().of(tile.loss, 0, tile.rows * perRow));
            store(tile, first, results);
        }
        return sum.value();
    }

    /** Where the results of a run go; null: nowhere. */
    private static final class Results {
        private final Rows gradient;
        private final Rows targetGradient;
        private final Rows losses;
        private final LossOf lossOf;

        Results(Rows gradient, Rows targetGradient, Rows losses, LossOf lossOf) {
            this.gradient = gradient;
            this.targetGradient = targetGradient;
            this.losses = losses;
            this.lossOf = lossOf;
        }

        Results copy() {
            return new Results(copy(gradient), copy(targetGradient), copy(losses), lossOf);
        }

        private static Rows copy(Rows rows) {
            return rows == null ? null : rows.copy();
        }

        void written() {
            written(gradient);
            written(targetGradient);
            written(losses);
        }

        private static void written(Rows rows) {
            if (rows != null) {
                rows.written();
            }
        }
    }

    private Tile tile(int rows, boolean gradient, boolean targetGradient) {
        Scratch scratch = Scratch.ofThread();
        int n = rows * Math.max(1, input.classes());
        return new Tile(
                input.classes(),
                scratch.doubles(Use.INPUT, n),
                dense == null ? null : scratch.doubles(Use.TARGET, n),
                classTargets == null ? null : classTargets.index(),
                scratch.flags(rows),
                scratch.doubles(Use.LOSS, n),
                scratch.doubles(Use.GRADIENT, n),
                gradient,
                targetGradient ? scratch.doubles(Use.TARGET_GRADIENT, n) : null);
    }

    private void load(Tile tile, long first) {
        if (tile.classes > 0) {
            input.read(first, tile.rows, tile.x);
            if (dense != null) {
                dense.read(first, tile.rows, tile.y);
            }
        }
        markSkipped(tile, first);
        if (mask != null && mask.perOutput()) {
            neutralizeMasked(tile, mask.read(first, tile.rows));
        }
        int refused = kernel.firstRefused(tile);
        if (refused >= 0) {
            throw refusal(tile, first, refused);
        }
    }

    private void markSkipped(Tile tile, long first) {
        for (int r = 0; r < tile.rows; r++) {
            tile.skip[r] = tile.index != null && tile.index[tile.first + r] < 0;
        }
        if (mask != null && !mask.perOutput()) {
            mask.markRows(first, tile.rows, tile.skip, 0);
        }
    }

    /** A masked element may hold anything; 1/2 is a value that every loss of single elements takes. */
    private static void neutralizeMasked(Tile tile, double[] kept) {
        for (int i = 0; i < tile.rows * tile.classes; i++) {
            if (kept[i] == 0) {
                tile.x[i] = 0.5;
                tile.y[i] = 0.5;
            }
        }
    }

    private IllegalArgumentException refusal(Tile tile, long first, int at) {
        long row = first + at / tile.classes;
        int column = at % tile.classes;
        boolean isTarget = kernel.refusesTarget(tile.x[at], tile.y[at]);
        String where = isTarget
                ? place.ofTarget(dense, row, column) + " is " + tile.y[at]
                : place.ofInput(input, row, column) + " is " + tile.x[at];
        return new IllegalArgumentException(
                "all elements of " + (isTarget ? "target" : "input") + " should be between 0 and 1 (" + where + ")");
    }

    private void clearSkipped(Tile tile, long first, int perRow) {
        for (int r = 0; r < tile.rows; r++) {
            if (tile.skip[r]) {
                Arrays.fill(tile.loss, r * perRow, (r + 1) * perRow, 0);
                clear(tile.gradient, r * tile.classes, tile.classes);
                clear(tile.targetGradient, r * tile.classes, tile.classes);
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

    private void store(Tile tile, long first, Results results) {
        if (results.gradient != null && tile.classes > 0) {
            results.gradient.write(first, tile.rows, tile.gradient);
        }
        if (results.targetGradient != null && tile.classes > 0) {
            results.targetGradient.write(first, tile.rows, tile.targetGradient);
        }
        if (results.losses != null && results.losses.length() > 0) {
            if (results.lossOf != LossOf.ELEMENT) {
                reduceRows(tile, first, results.lossOf == LossOf.ROW_MEAN);
            }
            results.losses.write(first, tile.rows, tile.loss);
        }
    }

    private void reduceRows(Tile tile, long first, boolean mean) {
        double[] kept = mean && mask != null && mask.perOutput() ? mask.read(first, tile.rows) : null;
        for (int r = 0; r < tile.rows; r++) {
            double sum = CompensatedSum.of(tile.loss, r * tile.classes, tile.classes);
            double n = kept == null ? tile.classes : CompensatedSum.of(kept, r * tile.classes, tile.classes);
            // the row's own losses have been read, so its place in the shorter array may be written
            tile.loss[r] = mean && n > 0 ? sum / n : sum;
        }
    }

    /**
     * Writes zeros over the rows and elements that take no part.
     *
     * @param array of the input's shape
     */
    public void clearLeftOut(Rows array) {
        if (array.length() == 0) {
            return;
        }
        Tile tile = tile(1, true, false);
        tile.rows = 1;
        for (long row = 0; row < array.count(); row++) {
            tile.first = (int) row;
            markSkipped(tile, row);
            array.read(row, 1, tile.gradient);
            clearSkipped(tile, row, kernel.lossPerRow() ? 1 : tile.classes);
            array.write(row, 1, tile.gradient);
        }
        array.written();
    }
}
