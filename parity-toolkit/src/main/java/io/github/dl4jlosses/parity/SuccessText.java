/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is said of a comparison that passed. */
record SuccessText(ParitySubject subject, ParityReference reference, List<CaseComparison> compared) {

    @Override
    public String toString() {
        long numbers = compared.stream()
                .flatMap(comparison -> comparison.quantities().stream())
                .mapToLong(quantity -> quantity.size())
                .sum();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s equals %s: %d cases, %,d numbers. Largest differences:",
                subject,
                reference,
                compared.size(),
                numbers));
        for (Mismatch largest : largest()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n  %s of %s: %.2g, %.0f %% of what is allowed",
                    largest.quantity().kind(),
                    largest.type(),
                    largest.absolute(),
                    100 * largest.excess()));
        }
        return text.toString();
    }

    /** The one of each type, for values and for gradients. */
    private Collection<Mismatch> largest() {
        Comparator<Mismatch> byExcess = Comparator.comparingDouble(Mismatch::excess);
        Map<String, Mismatch> largest = new LinkedHashMap<>();
        compared.stream()
                .flatMap(comparison -> comparison.worst().stream())
                .forEach(mismatch -> largest.merge(
                        mismatch.type() + mismatch.quantity().kind(),
                        mismatch,
                        (a, b) -> byExcess.compare(a, b) < 0 ? b : a));
        return largest.values();
    }
}
