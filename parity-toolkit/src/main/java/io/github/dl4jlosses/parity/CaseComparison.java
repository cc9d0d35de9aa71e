/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Compares all results of one case with torch's.
 *
 * @param worst the worst number of each result
 * @param problems what is wrong with the form of a result
 */
record CaseComparison(
        ParityCase example, List<Quantity> quantities, TorchResult torch, List<Mismatch> worst, List<String> problems) {

    /**
     * Compares the results of a case with torch's.
     *
     * @param inFloat64 torch's result for the same numbers in float64 if that decides; otherwise null
     */
    static CaseComparison of(
            ParityCase example,
            List<Quantity> quantities,
            TorchResult torch,
            Supplier<TorchResult> inFloat64,
            ParitySettings settings) {
        List<Mismatch> worst = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Quantity quantity : quantities) {
            TorchTensor theirs = quantity.of(torch);
            int expected = ClassLayout.size(theirs.shape());
            if (quantity.problem() != null) {
                problems.add(quantity.problem());
            } else if (quantity.size() != expected) {
                problems.add("the counts of numbers differ: " + quantity.kind() + " (" + quantity.name() + ") has "
                        + quantity.size() + ", torch's expression " + expected);
            } else if (expected > 0) {
                Supplier<TorchTensor> exact = inFloat64 == null ? null : () -> quantity.of(inFloat64.get());
                worst.add(Mismatch.worst(quantity, theirs, settings.toleranceOf(theirs.type()), exact));
            }
        }
        return new CaseComparison(example, quantities, torch, worst, problems);
    }

    /** The worst number of the value. */
    Mismatch value() {
        return worst.get(0);
    }

    boolean passed() {
        return problems.isEmpty() && worst.stream().noneMatch(Mismatch::isTooLarge);
    }

    double excess() {
        return problems.isEmpty()
                ? worst.stream().mapToDouble(Mismatch::excess).max().orElse(0)
                : Double.POSITIVE_INFINITY;
    }

    /** The first difference that is too large; values come before gradients. */
    Mismatch first() {
        return worst.stream()
                .filter(Mismatch::isTooLarge)
                .min(Comparator.comparing(
                        (Mismatch mismatch) -> mismatch.quantity().isGradient()))
                .orElse(null);
    }

    /** Whether at least one number of a result is not NaN on both sides. */
    boolean saysSomething() {
        return quantities.stream().anyMatch(quantity -> {
            double[] theirs = quantity.of(torch).toDoubles();
            double[] ours = quantity.numbers();
            return ours.length != theirs.length
                    || IntStream.range(0, ours.length)
                            .anyMatch(i -> !Double.isNaN(ours[i]) || !Double.isNaN(theirs[i]));
        });
    }
}
