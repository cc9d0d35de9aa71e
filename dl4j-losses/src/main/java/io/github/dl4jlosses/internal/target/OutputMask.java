/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.target;

import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.memory.Scratch;
import io.github.dl4jlosses.internal.shape.TorchNames;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A mask of DL4J, checked once: the rows, or the single outputs, that count. */
public final class OutputMask {
    private final Rows mask;
    private final boolean perOutput;
    private final long kept;

    private OutputMask(Rows mask, boolean perOutput, long kept) {
        this.mask = mask;
        this.perOutput = perOutput;
        this.kept = kept;
    }

    /**
     * Reads and checks a mask.
     *
     * @param mask [rows, 1] or [rows, outputs], 0 or 1; null: no mask
     * @param rows the rows that the loss sees
     * @param outputs the outputs of a row
     * @param coupling why the outputs of a row cannot be masked individually, and which loss to use instead, if any;
     *     null: they can be
     * @return the mask, or null
     */
    public static OutputMask of(INDArray mask, long rows, int outputs, String coupling) {
        if (mask == null) {
            return null;
        }
        boolean perOutput = mask.rank() == 2 && mask.size(0) == rows && mask.size(1) == outputs && outputs > 1;
        if (!perOutput && !(mask.rank() == 2 && mask.size(0) == rows && mask.size(1) == 1)) {
            throw new IllegalArgumentException("mask has shape " + TorchNames.size(mask) + ", but must be [" + rows
                    + ", 1] (one number per row)"
                    + (coupling == null ? " or [" + rows + ", " + outputs + "] (one per output)" : ""));
        }
        Rows values = Rows.of(mask);
        double[] row = Scratch.ofThread().doubles(Scratch.Use.MASK, values.classes());
        long kept = 0;
        for (long r = 0; r < rows && values.length() > 0; r++) {
            values.read(r, 1, row);
            for (int c = 0; c < values.classes(); c++) {
                requireZeroOrOne(row[c], r, perOutput ? c : -1);
                if (coupling != null && row[c] != row[0]) {
                    throw new IllegalArgumentException("mask differs within row " + r + " (column 0 is " + row[0]
                            + ", column " + c + " is " + row[c] + "), but the outputs of one row cannot be masked"
                            + " individually: " + coupling + "; mask the whole row (shape [" + rows + ", 1])");
                }
                kept += (long) row[c];
            }
        }
        return coupling != null && perOutput
                ? new OutputMask(values, false, kept / outputs)
                : new OutputMask(values, perOutput, kept);
    }

    private static void requireZeroOrOne(double value, long row, int column) {
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException("mask must be 0 or 1, got " + value + " (row " + row
                    + (column < 0 ? "" : ", column " + column)
                    + "); DL4J multiplies the layer's pre-output by the mask, so it cannot serve as an example weight");
        }
    }

    /** A mask over the same memory for another thread. */
    public OutputMask copy() {
        return new OutputMask(mask.copy(), perOutput, kept);
    }

    /** The mask of rows {@code first} to {@code first + n}; {@link #kept} still counts the whole. */
    public OutputMask part(long first, long n) {
        return new OutputMask(mask.part(first, n), perOutput, kept);
    }

    /** Whether single outputs of a row are masked. */
    public boolean perOutput() {
        return perOutput;
    }

    /** The number of unmasked rows, or outputs where they are masked one by one. */
    public long kept() {
        return kept;
    }

    /**
     * Marks masked rows; other marks stay.
     *
     * @param skip where the marks go
     * @param at the place of the first row's mark
     */
    public void markRows(long first, int n, boolean[] skip, int at) {
        double[] values = read(first, n);
        for (int r = 0; r < n; r++) {
            skip[at + r] |= values[r * mask.classes()] == 0;
        }
    }

    /** The mask of rows {@code first} to {@code first + n}, row after row; valid until the thread's next call. */
    public double[] read(long first, int n) {
        double[] values = Scratch.ofThread().doubles(Scratch.Use.MASK, n * mask.classes());
        mask.read(first, n, values);
        return values;
    }
}
