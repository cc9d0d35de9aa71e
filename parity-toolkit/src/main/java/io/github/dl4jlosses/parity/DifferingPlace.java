/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The place in the input where a case differs: a row and a number in it; -1 if unknown. */
record DifferingPlace(int row, int column) {

    static final DifferingPlace UNKNOWN = new DifferingPlace(-1, -1);

    /**
     * For a gradient, the place of the worst number; for a value, a place in the row that differs most when computed
     * alone.
     */
    static DifferingPlace of(ParityRun run, CaseComparison comparison) {
        ParityCase example = comparison.example();
        if (!example.hasRows()) {
            return UNKNOWN;
        }
        Mismatch first = comparison.first();
        int rowSize = example.rowSize();
        if (first.quantity().isGradient()) {
            return new DifferingPlace(first.place() / rowSize, first.place() % rowSize);
        }
        int row = first.index().length > 0 && first.torchs().shape()[0] == example.rows()
                ? Math.toIntExact(first.index()[0])
                : worstRowAlone(run, example);
        return row < 0 ? UNKNOWN : new DifferingPlace(row, worstColumn(run.compare(example.row(row))));
    }

    /** The row that differs most when computed alone; -1 if every row agrees. */
    private static int worstRowAlone(ParityRun run, ParityCase example) {
        record Row(int number, double excess) {}
        return IntStream.range(0, example.rows())
                .filter(row -> !example.isMasked(row))
                .mapToObj(row ->
                        new Row(row, run.compare(example.row(row)).value().excess()))
                .filter(row -> row.excess > 1)
                .max(Comparator.comparingDouble(Row::excess))
                .map(Row::number)
                .orElse(-1);
    }

    private static int worstColumn(CaseComparison row) {
        return row.worst().stream()
                .filter(mismatch -> mismatch.quantity().isGradient() && mismatch.isTooLarge())
                .mapToInt(Mismatch::place)
                .findFirst()
                .orElse(row.example().rowSize() == 1 ? 0 : -1);
    }

    /** The index in the whole input. */
    String where(ParityCase example) {
        return Arrays.toString(ClassLayout.index(
                row * example.rowSize() + column, example.input().shape()));
    }
}
