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

/** A checked batch on its way through a kernel: its rows, their targets, which of them take part, and what a mean divides by. */
public final class Batch {
    final Kernel kernel;
    final Rows input;
    /** Targets that are numbers, of the input's shape or with fewer to a row; or null. */
    final Rows dense;
    /** A class per row, or null. */
    final ClassTargets classTargets;

    final OutputMask mask;
    final Place place;
    /** What numbers must be, or null. */
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
     * Targets that are numbers, one for each loss; a mean divides by those that take part.
     *
     * @param check what numbers must be; null: anything
     */
    public static Batch elements(
            Kernel kernel, Rows input, Rows target, OutputMask mask, Place place, ValueCheck check) {
        long kept = mask == null ? target.length() : mask.perOutput() ? mask.kept() : mask.kept() * target.classes();
        return new Batch(kernel, input, target, null, mask, place, check, kept, List.of());
    }

    /** Targets of the input's shape; a mean divides by the rows that take part, and rows of nothing do not. */
    public static Batch rows(Kernel kernel, Rows input, Rows target, OutputMask mask, Place place) {
        return rows(kernel, input, target, mask, place, null);
    }

    /**
     * The same with demands.
     *
     * @param check what numbers must be; null: anything
     */
    public static Batch rows(Kernel kernel, Rows input, Rows target, OutputMask mask, Place place, ValueCheck check) {
        long kept = input.classes() == 0 ? 0 : mask == null ? input.count() : mask.kept();
        return new Batch(kernel, input, target, null, mask, place, check, kept, List.of());
    }

    /**
     * A class per row; a mask must have gone into the classes.
     *
     * @param meanDenominator what a mean divides by
     */
    public static Batch classes(Kernel kernel, Rows input, ClassTargets targets, Place place, double meanDenominator) {
        return new Batch(kernel, input, null, targets, null, place, null, meanDenominator, List.of());
    }

    /**
     * The same batch where torch divides terms of the loss apart: over a denominator of 0 each may be an infinity, of
     * either sign. That costs a pass for each term, there alone.
     *
     * @param kernels one for each term
     */
    public Batch withTerms(Kernel... kernels) {
        return new Batch(kernel, input, dense, classTargets, mask, place, check, meanDenominator, List.of(kernels));
    }

    /**
     * Sequences; a mean divides by their number.
     *
     * @param mask which of them take part; null: all
     */
    public static Batch sequences(Kernel kernel, Rows input, OutputMask mask, Place place) {
        return new Batch(
                kernel, input, null, null, mask, place, null, mask == null ? input.count() : mask.kept(), List.of());
    }

    /** The same batch over another array of the input's shape. */
    public Batch over(INDArray array) {
        return new Batch(kernel, input.over(array), dense, classTargets, mask, place, check, meanDenominator, terms);
    }

    /** The same batch for later use: targets that were read lie in memory that the thread's next call would overwrite. */
    public Batch lasting() {
        return classTargets == null ? this : part(0, input);
    }

    /**
     * Some of the rows, whose mean still divides by what the whole batch does.
     *
     * @param first of the rows
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

    /** Whether its terms have to be summed apart over a denominator. */
    public boolean isApart(double denominator) {
        return denominator == 0 && !terms.isEmpty();
    }

    /** The same batch for each term by itself. */
    public List<Batch> terms() {
        return terms.stream()
                .map(term -> new Batch(term, input, dense, classTargets, mask, place, check, 0, List.of()))
                .collect(Collectors.toList());
    }

    /** What torch's {@code 'mean'} divides by. */
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

    /** Whether the numbers are floats, and taken as they are. */
    boolean areFloats() {
        return input.areFloats() && (dense == null || dense.areFloats()) && check == null;
    }

    /** Whether a row has one loss; else each element has. */
    public boolean lossPerRow() {
        return kernel.lossPerRow();
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

    /** For another thread: bulk access to memory has a position. */
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
