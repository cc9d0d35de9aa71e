/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static io.github.dl4jlosses.parity.ResultText.shortened;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Looks for the place of a difference, and tries the usual causes on it: another factor, clipping, sums over rows. */
final class Diagnosis {

    private static final double FOLLOWS = 0.01;

    private final ParityRun run;
    private final CaseComparison comparison;
    private final List<String> hints = new ArrayList<>();
    private Place place = Place.UNKNOWN;

    private Diagnosis(ParityRun run, CaseComparison comparison) {
        this.run = run;
        this.comparison = comparison;
    }

    static Diagnosis of(ParityRun run, CaseComparison comparison) {
        Diagnosis diagnosis = new Diagnosis(run, comparison);
        try {
            diagnosis.place = diagnosis.find();
            diagnosis.look();
        } catch (RuntimeException e) {
            // a loss that does not take a single row still has its difference shown
            diagnosis.hints.clear();
        }
        return diagnosis;
    }

    /** A row of the input and a number in it; -1 where none is known. */
    record Place(int row, int column) {
        static final Place UNKNOWN = new Place(-1, -1);

        /** The index in the whole input. */
        String where(ParityCase example) {
            TorchTensor input = example.input();
            int rowSize = input.toDoubles().length / example.rows();
            return Arrays.toString(ClassLayout.index(row * rowSize + column, input.shape()));
        }
    }

    Place place() {
        return place;
    }

    private Place find() {
        ParityCase example = comparison.example();
        if (!example.hasRows()) {
            return Place.UNKNOWN;
        }
        Mismatch first = comparison.first();
        int rowSize = comparison.example().input().toDoubles().length / example.rows();
        if (first.quantity().isGradient()) {
            return new Place(first.place() / rowSize, first.place() % rowSize);
        }
        int row = first.index().length > 0 && first.torchs().shape()[0] == example.rows()
                ? Math.toIntExact(first.index()[0])
                : worstRowAlone();
        return row < 0 ? Place.UNKNOWN : new Place(row, worstColumn(run.compare(example.row(row))));
    }

    /** The row whose value differs most when it is computed alone; -1 if every row alone agrees. */
    private int worstRowAlone() {
        ParityCase example = comparison.example();
        double[] excess = IntStream.range(0, example.rows())
                .filter(row -> !example.isMasked(row))
                .mapToDouble(row -> value(run.compare(example.row(row))).excess())
                .toArray();
        int[] rows = IntStream.range(0, example.rows())
                .filter(row -> !example.isMasked(row))
                .toArray();
        int worst = largest(excess);
        return excess[worst] > 1 ? rows[worst] : -1;
    }

    private static int worstColumn(CaseComparison row) {
        return row.worst().stream()
                .filter(mismatch -> mismatch.quantity().isGradient() && mismatch.isTooLarge())
                .mapToInt(Mismatch::place)
                .findFirst()
                .orElse(row.example().input().toDoubles().length == 1 ? 0 : -1);
    }

    private static Mismatch value(CaseComparison comparison) {
        return comparison.worst().get(0);
    }

    private static int largest(double... numbers) {
        return IntStream.range(0, numbers.length)
                .reduce((a, b) -> numbers[b] > numbers[a] ? b : a)
                .orElseThrow();
    }

    List<String> hints() {
        return hints;
    }

    private void look() {
        factor();
        boolean value = !comparison.first().quantity().isGradient();
        if (hints.isEmpty() && value && place.column() >= 0) {
            saturation();
        }
        if (hints.isEmpty() && value && comparison.example().hasRows() && place.row() < 0) {
            hints.add("each row alone agrees, so the rows are summed or divided in another way");
        }
    }

    private void factor() {
        double[] factors = comparison.quantities().stream()
                .filter(quantity -> quantity.problem() == null)
                .mapToDouble(quantity -> factor(
                        quantity.numbers(), quantity.of(comparison.torch()).toDoubles()))
                .toArray();
        double factor = factors[0];
        boolean same = Arrays.stream(factors).allMatch(other -> isNear(other, factor));
        if (!same || isNear(factor, 1)) {
            return;
        }
        String name = name(factor);
        if (name != null) {
            hints.add(String.format("all results are %s times torch's, %s", shortened(factor), name));
        } else if (factors.length > 1) {
            hints.add(String.format("all results are %s times torch's", shortened(factor)));
        }
    }

    /** What one array is a multiple of the other by; NaN if it is none. */
    private static double factor(double[] ours, double... torch) {
        double[] sizes = Arrays.stream(torch).map(Math::abs).toArray();
        if (ours.length != torch.length || ours.length == 0) {
            return Double.NaN;
        }
        int largest = largest(sizes);
        double factor = ours[largest] / torch[largest];
        boolean multiple = IntStream.range(0, ours.length)
                .allMatch(i -> Math.abs(ours[i] - factor * torch[i]) <= 1e-4 * Math.abs(ours[largest]));
        return multiple ? factor : Double.NaN;
    }

    private static boolean isNear(double a, double b) {
        return Math.abs(a - b) <= 1e-4 * Math.abs(b);
    }

    private String name(double factor) {
        if (isNear(factor, -1)) {
            return "the sign is the other one";
        }
        int rows = comparison.example().rows();
        int columns = comparison.example().input().toDoubles().length / rows;
        String scale = " (see summedOverRows and dividedBy)";
        if (isNear(factor, rows) || isNear(factor, 1.0 / rows)) {
            return "the number of rows is " + rows + scale;
        }
        if (isNear(factor, columns) || isNear(factor, 1.0 / columns)) {
            return "the number of outputs of a row is " + columns + scale;
        }
        return isNear(factor, rows * columns) || isNear(factor, 1.0 / rows / columns)
                ? "the number of elements is " + rows * columns + scale
                : null;
    }

    /** Doubles the input at the place: a loss that clips does not notice. */
    private void saturation() {
        ParityCase row = comparison.example().row(place.row());
        ParityCase further = row.doubled(place.column());
        Mismatch here = value(run.compare(row));
        Mismatch there = value(run.compare(further));
        double ourStep = Math.abs(there.ours() - here.ours());
        double torchStep = Math.abs(there.torch() - here.torch());
        if (!(ourStep <= FOLLOWS * torchStep)) {
            return;
        }
        double clip = Math.exp(-here.ours());
        String size = isPowerOfTen(clip)
                ? String.format(
                        "; %s is -log(%s), as of a probability clipped there", shortened(here.ours()), shortened(clip))
                : "";
        hints.add(String.format(
                "it clips or saturates: with z = %s instead of %s there, this row alone goes from %s to %s, but torch's"
                        + " from %s to %s%s",
                further.input().toDoubles()[place.column()],
                row.input().toDoubles()[place.column()],
                shortened(here.ours()),
                shortened(there.ours()),
                shortened(here.torch()),
                shortened(there.torch()),
                size));
    }

    private static boolean isPowerOfTen(double number) {
        double exponent = Math.log10(number);
        return exponent <= -2 && Math.abs(exponent - Math.rint(exponent)) < 1e-3;
    }
}
