/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.kernel.ValueCheck;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.Place;
import io.github.dl4jlosses.internal.target.ClassTargets;
import io.github.dl4jlosses.internal.target.OutputMask;
import java.util.List;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A checked batch for a kernel: its rows, their targets, which of them count, and the denominator of a mean. */
public final class Batch {
    final Kernel kernel;
    final Rows input;
    /** Targets that are numbers, of the input's shape or with fewer to a row; or null. */
    final Rows dense;
    /** A class per row, or null. */
    final ClassTargets classTargets;

    final OutputMask mask;
    final Place place;
    /** The check of the numbers, or null. */
    final ValueCheck check;

    private final double meanDenominator;
    private final List<Kernel> terms;

    private Batch(
            Kernel kernel,
            Rows input,
            Rows dense,
            ClassTargets classTargets,
            OutputMask mask,
            Place place,
            ValueCheck check,
            double meanDenominator,
            List<Kernel> terms) {
        this.kernel = kernel;
        this.input = input;
        this.dense = dense;
        this.classTargets = classTargets;
        this.mask = mask;
        this.place = place;
        this.check = check;
        this.meanDenominator = meanDenominator;
        this.terms = terms;
    }

    /**
     * A batch with numbers as targets, one for each loss; a mean divides by the unmasked ones.
     *
     * @param check the check of the numbers; null: all are allowed
     */
    public static Batch elements(
            Kernel kernel, Rows input, Rows target, OutputMask mask, Place place, ValueCheck check) {
        long kept = mask == null ? target.length() : mask.perOutput() ? mask.kept() : mask.kept() * target.classes();
        return new Batch(kernel, input, target, null, mask, place, check, kept, List.of());
    }

    /**
     * A batch with targets of the input's shape; a mean divides by the number of unmasked rows, or by 0 if rows are
     * empty.
     */
    public static Batch rows(Kernel kernel, Rows input, Rows target, OutputMask mask, Place place) {
        return rows(kernel, input, target, mask, place, null);
    }

    /**
     * The same with a check of the numbers.
     *
     * @param check the check of the numbers; null: all are allowed
     */
    public static Batch rows(Kernel kernel, Rows input, Rows target, OutputMask mask, Place place, ValueCheck check) {
        long kept = input.classes() == 0 ? 0 : mask == null ? input.count() : mask.kept();
        return new Batch(kernel, input, target, null, mask, place, check, kept, List.of());
    }

    /**
     * A batch with a class per row; the classes already contain the mask.
     *
     * @param meanDenominator the denominator of a mean
     */
    public static Batch classes(Kernel kernel, Rows input, ClassTargets targets, Place place, double meanDenominator) {
        return new Batch(kernel, input, null, targets, null, place, null, meanDenominator, List.of());
    }

    /**
     * The same batch, for a loss whose terms torch divides separately: divided by 0 each may become an infinity of
     * either sign. Only for such a denominator this costs a pass for each term.
     *
     * @param kernels one for each term
     */
    public Batch withTerms(Kernel... kernels) {
        return new Batch(kernel, input, dense, classTargets, mask, place, check, meanDenominator, List.of(kernels));
    }

    /**
     * A batch of sequences; a mean divides by their number.
     *
     * @param mask the sequences that count; null: all
     */
    public static Batch sequences(Kernel kernel, Rows input, OutputMask mask, Place place) {
        return new Batch(
                kernel, input, null, null, mask, place, null, mask == null ? input.count() : mask.kept(), List.of());
    }

    /** The same batch over another array of the input's shape. */
    public Batch over(INDArray array) {
        // copies, because these read anew what may have changed since the last call
        Rows targets = dense == null ? null : dense.copy();
        return new Batch(
                kernel,
                input.over(array),
                targets,
                classTargets,
                mask == null ? null : mask.copy(),
                place,
                check,
                meanDenominator,
                terms);
    }

    /**
     * The same batch for later use: its targets are copied out of memory that the thread's next call would overwrite.
     */
    public Batch lasting() {
        return classTargets == null ? this : part(0, input);
    }

    /**
     * Some of the rows; a mean still has the denominator of the whole batch.
     *
     * @param first the index of the first of these rows
     * @param rows the input of these rows alone
     */
    public Batch part(long first, Rows rows) {
        long n = rows.count();
        return new Batch(
                kernel,
                rows.numberedFrom(first),
                dense == null ? null : dense.part(first, n),
                classTargets == null ? null : classTargets.part(first, n),
                mask == null ? null : mask.part(first, n),
                place,
                check,
                meanDenominator,
                terms);
    }

    /** The same batch for losses that are not reduced. */
    Batch ofSingleLosses() {
        Kernel single = kernel.ofSingleLosses();
        return single == kernel
                ? this
                : new Batch(single, input, dense, classTargets, mask, place, check, meanDenominator, terms);
    }

    /** Whether the terms must be summed separately for this denominator. */
    public boolean isApart(double denominator) {
        return denominator == 0 && !terms.isEmpty();
    }

    /** The same batch for each term by itself. */
    public List<Batch> terms() {
        return terms.stream()
                .map(term -> new Batch(term, input, dense, classTargets, mask, place, check, 0, List.of()))
                .collect(Collectors.toList());
    }

    /** The denominator of torch's {@code 'mean'}. */
    public double meanDenominator() {
        return meanDenominator;
    }

    /** The input's array. */
    public Rows input() {
        return input;
    }

    /** The target's array, of numbers. */
    public Rows target() {
        return dense;
    }

    /** Whether the numbers are floats and can be used as they are. */
    boolean areFloats() {
        return input.areFloats() && (dense == null || dense.areFloats()) && check == null;
    }

    /** How many rows one thread should read one after the other. */
    int rowsTogether() {
        return Math.max(input.rowsTogether(), dense == null ? 1 : dense.rowsTogether());
    }

    /** Whether a row has one loss; otherwise each element has one. */
    public boolean lossPerRow() {
        return kernel.lossPerRow();
    }

    /**
     * Marks the rows that are left out.
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

    /** A copy for another thread, because bulk access to memory has a position. */
    Batch copy() {
        return new Batch(
                kernel,
                input.copy(),
                dense == null ? null : dense.copy(),
                classTargets,
                mask == null ? null : mask.copy(),
                place,
                check,
                meanDenominator,
                terms);
    }
}
