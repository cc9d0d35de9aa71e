/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.List;
import java.util.Optional;

/**
 * Finds why the worst case differs, and where in its input. A cause counts only if it explains every case; one that
 * fits the worst case alone may be chance.
 *
 * @param hints the causes that explain all cases; may be empty
 */
record Diagnosis(DifferingPlace place, List<String> hints) {

    static Diagnosis of(ParityRun run, CaseComparison worst, List<CaseComparison> compared) {
        DifferingPlace place = DifferingPlace.UNKNOWN;
        try {
            place = DifferingPlace.of(run, worst);
            return new Diagnosis(
                    place, cause(run, worst, place, compared).stream().toList());
        } catch (RuntimeException e) {
            // a loss that does not accept a single row still gets its difference shown
            return new Diagnosis(place, List.of());
        }
    }

    private static Optional<String> cause(
            ParityRun run, CaseComparison worst, DifferingPlace place, List<CaseComparison> compared) {
        Optional<String> scale = ScaleCause.of(worst, compared);
        if (scale.isPresent() || worst.first().quantity().isGradient()) {
            return scale;
        }
        List<CaseComparison> failed =
                compared.stream().filter(each -> !each.passed()).toList();
        return Saturation.at(run, worst, place)
                .filter(found -> failed.stream().allMatch(each -> Saturation.explains(run, each)))
                .map(Saturation::text)
                .or(() -> rowsTogether(run, worst, place, failed));
    }

    private static Optional<String> rowsTogether(
            ParityRun run, CaseComparison worst, DifferingPlace place, List<CaseComparison> failed) {
        boolean explains = worst.example().hasRows()
                && place.row() < 0
                && failed.stream()
                        .allMatch(each -> each.first() != null
                                && DifferingPlace.of(run, each).row() < 0);
        return explains
                ? Optional.of("each row alone agrees, so the rows are summed or divided in another way")
                : Optional.empty();
    }
}
