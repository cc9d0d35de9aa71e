/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.target;

import io.github.dl4jlosses.internal.concurrent.Threads;
import io.github.dl4jlosses.internal.kernel.CompensatedSum;
import io.github.dl4jlosses.internal.kernel.OneHotRows;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.memory.Scratch;
import io.github.dl4jlosses.internal.shape.Place;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The class of each row, read from class indices or from one-hot rows, and checked; ignored and masked rows have none. */
public final class ClassTargets {
    private static final int NONE = -1;
    private static final int ROWS_AT_ONCE = 64;
    private static final int INDICES_AT_ONCE = 512;
    private static final int FLOATS_AT_ONCE = 2048;
    private static final double BEYOND_LONG = 0x1p63;

    private final int[] index;
    private final int rows;
    private final int classes;

    private ClassTargets(long rows, int classes) {
        this.rows = Math.toIntExact(rows);
        this.classes = classes;
        this.index = Scratch.ofThread().indices(this.rows);
    }

    private ClassTargets(int[] index, int classes) {
        this.index = index;
        this.rows = index.length;
        this.classes = classes;
    }

    /**
     * Reads class indices of any dtype.
     *
     * @param target one index per row
     * @param range which indices are classes
     * @param mask masks whole rows only; null: no mask
     * @param place how a message names a row
     */
    public static ClassTargets fromIndices(Rows target, ClassRange range, OutputMask mask, Place place) {
        ClassTargets targets = new ClassTargets(target.count(), range.classes());
        boolean[] skip = targets.maskedRows(mask);
        boolean floating = target.array().dataType().isFPType();
        double[] values = Scratch.ofThread().doubles(Scratch.Use.TARGET, INDICES_AT_ONCE);
        for (int first = 0; first < targets.rows; first += INDICES_AT_ONCE) {
            int n = Math.min(INDICES_AT_ONCE, targets.rows - first);
            target.read(first, n, values);
            for (int r = first; r < first + n; r++) {
                int index = (int) values[r - first];
                boolean plain = index == values[r - first] && range.isClass(index);
                targets.index[r] = skip[r] ? NONE : plain ? index : notPlain(target, r, floating, range, place);
            }
        }
        return targets;
    }

    /** The result for a target that is not a class: none if it is the index to ignore, otherwise an exception. */
    private static int notPlain(Rows target, int row, boolean floating, ClassRange range, Place place) {
        long value = floating ? wholeNumber(target, row, range, place) : target.longAt(row);
        if (!range.isIgnored(value)) {
            throw range.refusal(String.valueOf(value), place.ofTarget(target, row, 0));
        }
        return NONE;
    }

    /** A class index of a floating dtype. */
    static long wholeNumber(Rows target, long row, ClassRange range, Place place) {
        double value = target.doubleAt(row);
        if (value != Math.rint(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    "class index " + value + " is not a whole number (" + place.ofTarget(target, row, 0) + ")");
        }
        if (Math.abs(value) >= BEYOND_LONG) {
            throw range.refusal(String.valueOf(value), place.ofTarget(target, row, 0));
        }
        return (long) value;
    }

    /**
     * Reads one-hot rows: a single 1 names the class, a row of zeros is an ignored one.
     *
     * @param target of the input's shape
     * @param range knows the class that marks a row to leave out
     * @param mask masks whole rows only; null: no mask
     * @param place how a message names a row
     */
    public static ClassTargets fromOneHot(Rows target, ClassRange range, OutputMask mask, Place place) {
        ClassTargets targets = new ClassTargets(target.count(), target.classes());
        boolean[] skip = targets.maskedRows(mask);
        if (!target.areFloats() || !targets.findHot(target)) {
            targets.readHot(target, skip, place);
        }
        for (int r = 0; r < targets.rows; r++) {
            targets.index[r] = skip[r] || range.isIgnored(targets.index[r]) ? NONE : targets.index[r];
        }
        return targets;
    }

    /** Whether each row holds a single 1; empty if no row decides, because rows of zeros or NaN may be masked. */
    public static Optional<Boolean> oneHot(Rows target) {
        double[] row = new double[target.classes()];
        Optional<Boolean> oneHot = Optional.empty();
        for (long r = 0; r < target.count() && target.length() > 0; r++) {
            target.read(r, 1, row);
            double sum = 0;
            int ones = 0;
            for (double value : row) {
                sum += Math.abs(value);
                ones += value == 1 ? 1 : 0;
            }
            if (sum > 0 && (sum != 1 || ones != 1)) {
                return Optional.of(false);
            }
            oneHot = ones == 1 && sum == 1 ? Optional.of(true) : oneHot;
        }
        return oneHot;
    }

    /** False where a row is not one-hot; perhaps it is masked. */
    private boolean findHot(Rows target) {
        if (target.length() == 0) {
            return false;
        }
        int rowsOfBlock = (int) Math.max(1, Threads.BLOCK / classes);
        int blocks = (rows + rowsOfBlock - 1) / rowsOfBlock;
        AtomicBoolean oneHot = new AtomicBoolean(true);
        Thread caller = Thread.currentThread();
        Threads.run(blocks, target.length(), () -> {
            Rows own = Thread.currentThread() == caller ? target : target.copy();
            return block -> {
                int first = block * rowsOfBlock;
                if (oneHot.get() && !findHot(own, first, Math.min(rows, first + rowsOfBlock))) {
                    oneHot.set(false);
                }
            };
        });
        return oneHot.get();
    }

    private boolean findHot(Rows target, int from, int to) {
        int rowsAtOnce = Math.max(1, FLOATS_AT_ONCE / classes);
        float[] values = Scratch.ofThread().floats(Scratch.FloatUse.TARGET, rowsAtOnce * classes);
        for (int first = from; first < to; first += rowsAtOnce) {
            int n = Math.min(rowsAtOnce, to - first);
            target.read(first, n, values);
            if (!OneHotRows.find(values, n, classes, index, first)) {
                return false;
            }
        }
        return true;
    }

    private void readHot(Rows target, boolean[] skip, Place place) {
        double[] values = Scratch.ofThread().doubles(Scratch.Use.TARGET, ROWS_AT_ONCE * classes);
        for (int first = 0; first < rows; first += ROWS_AT_ONCE) {
            int n = Math.min(ROWS_AT_ONCE, rows - first);
            if (target.length() > 0) {
                target.read(first, n, values);
            }
            for (int r = first; r < first + n; r++) {
                index[r] = skip[r] ? NONE : hot(values, (r - first) * classes, target, r, place);
            }
        }
    }

    private int hot(double[] values, int at, Rows target, int row, Place place) {
        int hot = NONE;
        for (int c = 0; c < classes; c++) {
            double value = values[at + c];
            if (value == 0) {
                continue;
            }
            if (value != 1 || hot != NONE) {
                throw new IllegalArgumentException("one-hot target expected: " + place.ofTarget(target, row, c) + " is "
                        + value + (value == 1 ? ", and so is " + place.ofTarget(target, row, hot) : "")
                        + "; a row must hold a single 1 and zeros, or zeros only (ignored). For probabilities use"
                        + " CrossEntropyLoss with targetFormat(AUTO), for several classes at once BCEWithLogitsLoss");
            }
            hot = c;
        }
        return hot;
    }

    private boolean[] maskedRows(OutputMask mask) {
        boolean[] skip = Scratch.ofThread().flags(rows);
        Arrays.fill(skip, 0, rows, false);
        for (int first = 0; mask != null && first < rows; first += ROWS_AT_ONCE) {
            mask.markRows(first, Math.min(ROWS_AT_ONCE, rows - first), skip, first);
        }
        return skip;
    }

    /** Rows {@code first} to {@code first + n}, in memory of their own that no later call reuses. */
    public ClassTargets part(long first, long n) {
        int from = Math.toIntExact(first);
        return new ClassTargets(Arrays.copyOfRange(index, from, from + Math.toIntExact(n)), classes);
    }

    /** The class of each row, negative for rows that are left out; the array may be longer than the number of rows. */
    public int[] index() {
        return index;
    }

    /** The number of rows that count. */
    public long kept() {
        long kept = 0;
        for (int r = 0; r < rows; r++) {
            kept += index[r] == NONE ? 0 : 1;
        }
        return kept;
    }

    /** torch's total weight: the sum of the weights of the kept targets, or their number without weights. */
    public double totalWeight(double[] weight) {
        if (weight == null) {
            return kept();
        }
        CompensatedSum total = new CompensatedSum();
        for (int r = 0; r < rows; r++) {
            if (index[r] != NONE) {
                total.add(weight[index[r]]);
            }
        }
        return total.value();
    }
}
