/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

import io.github.dl4jlosses.internal.concurrent.Threads;
import io.github.dl4jlosses.internal.kernel.CompensatedSum;
import io.github.dl4jlosses.internal.kernel.FloatKernel;
import io.github.dl4jlosses.internal.memory.Rows;

/**
 * One pass over a batch, in tiles of rows and blocks of tiles.
 *
 * <p>This class decides the form of the tiles and their number of rows, from kernel, dtypes, classes and the requested
 * results. A fast form may pass a tile on to the form in double, depending on its numbers and the scale of the
 * gradient. So the same batch gives the same bits for any number of threads.
 */
public final class Pass {
    /** Rows with more classes than this are long enough to be vectorised by themselves. */
    private static final int CLASSES_OF_COLUMNS = 128;

    /** Forms of the tiles. */
    enum Form {
        /** Works for every batch. */
        DOUBLE,
        /** In float, unless values of targets are checked. */
        FLOAT,
        /** In double, with the rows side by side. */
        COLUMNS
    }

    private final Batch batch;
    private final double scale;
    private final Results results;
    private final Form form;
    private final int rowsAtOnce;

    private Pass(Batch batch, double scale, Results results) {
        this.batch = batch;
        this.scale = scale;
        this.results = results;
        this.form = form(batch, results);
        this.rowsAtOnce = rowsAtOnce(batch, bestForm(batch));
    }

    /** The fastest form that gives the requested results. */
    static Form form(Batch batch, Results results) {
        Form best = bestForm(batch);
        return gives(best, batch, results) ? best : Form.DOUBLE;
    }

    /** The fastest form for a kernel and its inputs, whatever the requested results. */
    private static Form bestForm(Batch batch) {
        int classes = batch.input.classes();
        if (classes == 0) {
            return Form.DOUBLE;
        }
        boolean masksOutputs = batch.mask != null && batch.mask.perOutput();
        FloatKernel inFloat = batch.kernel.inFloat();
        if (inFloat != null
                && batch.areFloats()
                && inFloat.isWorthwhile(classes)
                && !(masksOutputs && inFloat.addsUpRows())) {
            return Form.FLOAT;
        }
        return classes < CLASSES_OF_COLUMNS && batch.kernel.inColumns() != null && !masksOutputs
                ? Form.COLUMNS
                : Form.DOUBLE;
    }

    /** Whether a form gives the requested results. */
    private static boolean gives(Form form, Batch batch, Results results) {
        if (form == Form.DOUBLE) {
            return true;
        }
        boolean areFloats = form != Form.FLOAT || results.gradient == null || results.gradient.areFloats();
        return areFloats && (results.losses == null || batch.kernel.lossPerRow()) && results.targetGradient == null;
    }

    private static int rowsAtOnce(Batch batch, Form form) {
        int classes = Math.max(1, batch.input.classes());
        int rows = batch.kernel.elementsAtOnce() / classes;
        if (form == Form.COLUMNS) {
            rows = ColumnTiles.rows(classes);
        } else if (form == Form.FLOAT) {
            rows -= rows % batch.kernel.inFloat().rowsTogether(classes);
        }
        return (int) Math.min(batch.input.count(), Math.max(1, rows));
    }

    /**
     * The sum of the losses alone.
     *
     * @param scale the factor that gradients would have: it influences which tiles go to double, and so the last bits
     */
    public static double sum(Batch batch, double scale) {
        return new Pass(batch, scale, Results.sum()).run();
    }

    /**
     * The gradient alone, which is faster.
     *
     * @param scale the factor of the gradient
     * @param gradient where it goes
     */
    public static void gradient(Batch batch, double scale, Rows gradient) {
        new Pass(batch, scale, Results.gradient(gradient)).run();
    }

    /**
     * The sum of the losses, and the gradient.
     *
     * @param scale the factor of the gradients
     * @param gradient where the input's gradient goes
     */
    public static double sumAndGradient(Batch batch, double scale, Rows gradient) {
        return new Pass(batch, scale, Results.sumAndGradient(gradient)).run();
    }

    /**
     * The gradient of the target.
     *
     * @param scale the factor of the gradient
     * @param gradient where it goes
     */
    public static void targetGradient(Batch batch, double scale, Rows gradient) {
        new Pass(batch, scale, Results.targetGradient(gradient)).run();
    }

    /** Writes the unreduced losses, per row or per element as the kernel gives them, times a factor. */
    public static void losses(Batch batch, double factor, Rows losses) {
        new Pass(batch.ofSingleLosses(), 1, Results.losses(losses, Results.LossOf.ELEMENT, factor)).run();
    }

    /**
     * Writes one loss per row.
     *
     * @param factor the factor of the losses
     * @param losses one number per row
     * @param mean whether losses of single outputs are averaged over the unmasked ones, or summed
     */
    public static void rowLosses(Batch batch, double factor, Rows losses, boolean mean) {
        Results.LossOf lossOf =
                batch.lossPerRow() ? Results.LossOf.ELEMENT : mean ? Results.LossOf.ROW_MEAN : Results.LossOf.ROW_SUM;
        new Pass(batch.ofSingleLosses(), 1, Results.losses(losses, lossOf, factor)).run();
    }

    /**
     * Writes zeros over the rows and elements that are left out.
     *
     * @param array of the input's shape
     */
    public static void clearLeftOut(Batch batch, Rows array) {
        if (array.length() > 0) {
            new DoubleTiles(batch, 1, Results.gradient(array)).clearLeftOut();
            array.written();
        }
    }

    /** The sum of the losses, or 0 if it is not wanted. */
    private double run() {
        long count = batch.input.count();
        if (count == 0) {
            return 0;
        }
        long elements = Math.max(1, batch.input.classes());
        long rowsOfBlock = Math.max(1, Threads.BLOCK / elements / rowsAtOnce) * rowsAtOnce;
        int blocks = Math.toIntExact((count + rowsOfBlock - 1) / rowsOfBlock);
        if (blocks == 1) {
            double sum = new Worker(batch, results).block(0, count);
            results.written();
            return sum;
        }
        double[] sums = new double[blocks];
        // no fewer groups than threads
        long together = Math.max(1, Math.min(batch.rowsTogether() / rowsOfBlock, blocks / Threads.count()));
        Thread caller = Thread.currentThread();
        Threads.run((int) ((blocks + together - 1) / together), batch.input.length(), () -> {
            boolean own = Thread.currentThread() == caller;
            Batch part = own ? batch : batch.copy();
            Worker worker = new Worker(part, own ? results : results.copy());
            return group -> {
                int end = (int) Math.min((group + 1) * together, blocks);
                for (int block = (int) (group * together); block < end; block++) {
                    long first = block * rowsOfBlock;
                    sums[block] = worker.block(first, Math.min(first + rowsOfBlock, count));
                }
            };
        });
        results.written();
        return CompensatedSum.of(sums, 0, blocks);
    }

    /** The work of one thread, whose tiles serve block after block. */
    private final class Worker {
        private final Batch part;
        private final Results places;
        private final Tiles best;
        private Tiles inDouble;
        private final CompensatedSum sum = new CompensatedSum();

        Worker(Batch part, Results places) {
            this.part = part;
            this.places = places;
            this.best = tiles(form);
        }

        /** Runs rows {@code from} to {@code to}, tile by tile, and returns the sum of their losses. */
        double block(long from, long to) {
            sum.reset();
            best.begin();
            long served = run(best, from, to);
            double rest = best.finish();
            if (!Double.isFinite(rest)) {
                sum.reset();
                run(inDouble(), from, to);
                return sum.value();
            }
            sum.add(rest);
            // if one tile has large numbers, the next will probably have them, too
            if (served < to) {
                run(inDouble(), served, to);
            }
            return sum.value();
        }

        /** Adds up the losses of rows from a first one on, and returns the row up to which these tiles could be used. */
        private long run(Tiles tiles, long from, long to) {
            for (long first = from; first < to; first += rowsAtOnce) {
                if (!tiles.run(first, (int) Math.min(rowsAtOnce, to - first), scale)) {
                    return first;
                }
                sum.add(tiles.sum());
            }
            return to;
        }

        private Tiles inDouble() {
            if (inDouble == null) {
                inDouble = tiles(Form.DOUBLE);
            }
            return inDouble;
        }

        private Tiles tiles(Form which) {
            switch (which) {
                case FLOAT:
                    return new FloatTiles(part, rowsAtOnce, places);
                case COLUMNS:
                    return new ColumnTiles(part, rowsAtOnce, places);
                default:
                    return new DoubleTiles(part, rowsAtOnce, places);
            }
        }
    }

    /** The results that a pass must give, and the arrays that they go to; null: not wanted. */
    static final class Results {
        final Rows gradient;
        final Rows targetGradient;
        final Rows losses;
        final LossOf lossOf;
        /** The factor of written losses. */
        private final double lossFactor;
        /** Whether losses or their sum are wanted. */
        final boolean wantsLoss;

        /** The unit that a written loss belongs to. */
        enum LossOf {
            ELEMENT,
            ROW_SUM,
            ROW_MEAN
        }

        private Results(
                Rows gradient, Rows targetGradient, Rows losses, LossOf lossOf, double lossFactor, boolean wantsLoss) {
            this.gradient = gradient;
            this.targetGradient = targetGradient;
            this.losses = losses;
            this.lossOf = lossOf;
            this.lossFactor = lossFactor;
            this.wantsLoss = wantsLoss;
        }

        /** The sum of the losses alone. */
        static Results sum() {
            return new Results(null, null, null, LossOf.ELEMENT, 1, true);
        }

        /** The gradient alone, which is faster. */
        static Results gradient(Rows gradient) {
            return new Results(gradient, null, null, LossOf.ELEMENT, 1, false);
        }

        /** The sum of the losses and the gradient. */
        static Results sumAndGradient(Rows gradient) {
            return new Results(gradient, null, null, LossOf.ELEMENT, 1, true);
        }

        /** The target's gradient. */
        static Results targetGradient(Rows targetGradient) {
            return new Results(null, targetGradient, null, LossOf.ELEMENT, 1, true);
        }

        /** Unreduced losses, or one number for each row. */
        static Results losses(Rows losses, LossOf lossOf, double factor) {
            return new Results(null, null, losses, lossOf, factor, true);
        }

        /** A copy for another thread. */
        Results copy() {
            return new Results(copy(gradient), copy(targetGradient), copy(losses), lossOf, lossFactor, wantsLoss);
        }

        private static Rows copy(Rows rows) {
            return rows == null ? null : rows.copy();
        }

        /** Writes the losses of rows; with a factor the given numbers are overwritten. */
        void writeLosses(long first, int rows, double[] values) {
            if (lossFactor != 1) {
                for (int i = 0; i < rows * losses.classes(); i++) {
                    values[i] *= lossFactor;
                }
            }
            losses.write(first, rows, values);
        }

        /** To be called once all is written. */
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
}
