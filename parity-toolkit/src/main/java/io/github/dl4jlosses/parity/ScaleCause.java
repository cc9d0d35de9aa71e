/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static io.github.dl4jlosses.parity.ResultText.shortened;
import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Detects a different scale: a constant, or a size of each case, by which torch's results must be multiplied to give
 * ours in all cases.
 */
final class ScaleCause {

    /**
     * The allowed error of a multiple, relative to the largest number; types with fewer digits have their own
     * tolerance.
     */
    private static final double NEAR = 1e-4;

    private static final String CALLS = " (see summedOverRows and dividedBy)";

    /** Sizes by which losses are often multiplied or divided. */
    private static final List<Size> SIZES = List.of(
            new Size("the number of rows", ParityCase::rows),
            new Size("the number of outputs of a row", ParityCase::rowSize),
            new Size("the number of elements", example -> (double) example.rows() * example.rowSize()),
            new Size("the number of rows for each that the mask keeps", ParityCase::rowsForEachKept));

    private final CaseComparison worst;
    private final List<CaseComparison> compared;

    private ScaleCause(CaseComparison worst, List<CaseComparison> compared) {
        this.worst = worst;
        this.compared = compared;
    }

    private record Size(String name, ToDoubleFunction<ParityCase> of) {}

    static Optional<String> of(CaseComparison worst, List<CaseComparison> compared) {
        return new ScaleCause(worst, compared).text();
    }

    private Optional<String> text() {
        double factor = largestQuotient();
        if (isNear(factor, 1) || !Double.isFinite(factor)) {
            return Optional.empty();
        }
        if (explains(example -> factor)) {
            return sameFactor(factor);
        }
        for (Size size : SIZES) {
            String here = shortened(size.of.applyAsDouble(worst.example()));
            if (explains(size.of)) {
                return Optional.of("all results are torch's times " + size.name + ", here " + here + CALLS);
            }
            if (explains(example -> 1 / size.of.applyAsDouble(example))) {
                return Optional.of("all results are torch's divided by " + size.name + ", here " + here + CALLS);
            }
        }
        return Optional.empty();
    }

    /** A constant factor. If it equals a size in all cases, the message names both. */
    private Optional<String> sameFactor(double factor) {
        String all = "all results are " + shortened(factor) + " times torch's";
        if (isNear(factor, -1)) {
            return Optional.of(all + ": the sign is reversed");
        }
        String sizes = SIZES.stream()
                .filter(size -> explains(size.of) || explains(example -> 1 / size.of.applyAsDouble(example)))
                .map(size -> size.name + " is " + shortened(size.of.applyAsDouble(worst.example())))
                .collect(joining(", "));
        if (!sizes.isEmpty()) {
            return Optional.of(all + ", " + sizes + " in every case: other shapes show whether this is why" + CALLS);
        }
        // any number is a multiple of any other, so one alone proves nothing
        boolean isChance = compared.size() == 1 && worst.quantities().size() == 1;
        return isChance ? Optional.empty() : Optional.of(all);
    }

    private double largestQuotient() {
        Quantity first = worst.quantities().get(0);
        double[] torch = first.of(worst.torch()).toDoubles();
        int largest = IntStream.range(0, torch.length)
                .reduce((a, b) -> Math.abs(torch[b]) > Math.abs(torch[a]) ? b : a)
                .orElse(-1);
        return largest < 0 || first.size() != torch.length ? Double.NaN : first.numbers()[largest] / torch[largest];
    }

    /** Whether a factor explains every case, also those that pass: a wrong factor would not fit them. */
    private boolean explains(ToDoubleFunction<ParityCase> factor) {
        return compared.stream().allMatch(comparison -> {
            double here = factor.applyAsDouble(comparison.example());
            return comparison.quantities().stream()
                    .filter(quantity -> quantity.problem() == null)
                    .allMatch(quantity -> isMultiple(quantity.numbers(), quantity.of(comparison.torch()), here));
        });
    }

    private static boolean isMultiple(double[] ours, TorchTensor theirs, double factor) {
        double[] torch = theirs.toDoubles();
        Tolerance tolerance = Tolerance.of(theirs.type());
        double largest = IntStream.range(0, torch.length)
                .mapToDouble(i -> Math.abs(factor * torch[i]))
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        double near = Math.max(NEAR, tolerance.relative()) * largest + tolerance.absolute();
        return ours.length == torch.length
                && IntStream.range(0, ours.length)
                        .allMatch(i -> new Tolerance(0, near).accepts(ours[i], factor * torch[i]));
    }

    private static boolean isNear(double a, double b) {
        return Math.abs(a - b) <= NEAR * Math.abs(b);
    }
}
