/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

import io.github.dl4jlosses.internal.Results.LossOf;
import io.github.dl4jlosses.internal.concurrent.Threads;
import io.github.dl4jlosses.internal.kernel.CompensatedSum;
import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.Place;
import io.github.dl4jlosses.internal.target.ClassTargets;
import io.github.dl4jlosses.internal.target.OutputMask;

/**
 * One way through a batch: tiles of rows in, through the kernel, results out; masked and ignored rows by selection.
 *
 * <p>The tiles and the order of every sum depend on the shape alone, so the same batch gives the same bits.
 */
public final class Pass {
    /** Elements of a tile: large enough to hide its overhead, small enough for the nearest caches. */
    private static final int TILE = 2048;

    final Kernel kernel;
    final Rows input;
    /** Targets of the input's shape, or null. */
    final Rows dense;
    /** A class per row, or null. */
    final ClassTargets classTargets;

    final OutputMask mask;
    final Place place;

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
        return run(scale, new Results(gradient, targetGradient, null, LossOf.ELEMENT, true));
    }

    /**
     * Runs the batch for the sum of the losses alone.
     *
     * @param scale what gradients would be multiplied by: it decides which tiles can be had, and so the bits of the sum
     */
    public double sum(double scale) {
        return run(scale, null, null);
    }

    /**
     * Runs the batch for the gradient alone, which takes less.
     *
     * @param scale what it is multiplied by
     * @param gradient where it goes
     */
    public void gradient(double scale, Rows gradient) {
        run(scale, new Results(gradient, null, null, LossOf.ELEMENT, false));
    }

    /** Writes the losses, unreduced, as the kernel has them: per row or per element. */
    public void losses(Rows losses) {
        run(1, new Results(null, null, losses, LossOf.ELEMENT, true));
    }

    /**
     * Writes one loss per row.
     *
     * @param losses one number per row
     * @param mean whether losses of single outputs are averaged over the unmasked ones, or summed
     */
    public void rowLosses(Rows losses, boolean mean) {
        LossOf lossOf = kernel.lossPerRow() ? LossOf.ELEMENT : mean ? LossOf.ROW_MEAN : LossOf.ROW_SUM;
        run(1, new Results(null, null, losses, lossOf, true));
    }

    private double run(double scale, Results results) {
        if (input.count() == 0) {
            return 0;
        }
        long elements = Math.max(1, input.classes());
        long rowsOfBlock = Math.max(1, Threads.BLOCK / elements / rowsAtOnce()) * rowsAtOnce();
        int blocks = Math.toIntExact((input.count() + rowsOfBlock - 1) / rowsOfBlock);
        if (blocks == 1) {
            double sum = block(0, input.count(), scale, results);
            results.written();
            return sum;
        }
        double[] sums = new double[blocks];
        Thread caller = Thread.currentThread();
        Threads.run(blocks, input.length(), () -> {
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

    /**
     * Marks the rows that take no part.
     *
     * @param skip a mark for each of the rows
     * @return whether there may be any
     */
    boolean markSkipped(long first, int rows, boolean[] skip) {
        boolean any = mask != null;
        for (int r = 0; r < rows; r++) {
            skip[r] = classTargets != null && classTargets.index()[(int) first + r] < 0;
            any |= skip[r];
        }
        if (mask != null && !mask.perOutput()) {
            mask.markRows(first, rows, skip, 0);
        }
        return any;
    }

    /** The rows of a tile. */
    private int rowsAtOnce() {
        int rows = ColumnTiles.serve(this)
                ? ColumnTiles.rows(input.classes())
                : Math.max(1, TILE / Math.max(1, input.classes()));
        return (int) Math.min(input.count(), rows);
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
        FastTiles fast = FastTiles.of(this, rowsAtOnce, results);
        DoubleTiles doubles = null;
        for (long first = from; first < to; first += rowsAtOnce) {
            int n = (int) Math.min(rowsAtOnce, to - first);
            if (fast != null && fast.run(first, n, scale)) {
                sum.add(fast.sum());
                continue;
            }
            // where one tile has large numbers, the next will too
            fast = null;
            doubles = doubles == null ? new DoubleTiles(this, rowsAtOnce, results) : doubles;
            sum.add(doubles.run(first, n, scale));
        }
        return sum.value();
    }

    /**
     * Writes zeros over the rows and elements that take no part.
     *
     * @param array of the input's shape
     */
    public void clearLeftOut(Rows array) {
        if (array.length() > 0) {
            new DoubleTiles(this, 1, new Results(array, null, null, LossOf.ELEMENT, false)).clearLeftOut();
            array.written();
        }
    }
}
