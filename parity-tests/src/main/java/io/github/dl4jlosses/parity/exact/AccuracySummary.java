/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The largest errors of each loss and type, over all its families: one line where the whole table has a hundred. */
final class AccuracySummary {
    private AccuracySummary() {}

    /** A table in Markdown. */
    static List<String> of(Collection<AccuracySeries> series) {
        List<String> table = new ArrayList<>(List.of(
                "| largest error in ulp | type | results | our loss | torch's loss | our gradient | torch's gradient |",
                "|---|---|---|---|---|---|---|"));
        series.stream()
                .collect(Collectors.groupingBy(one -> one.lossName() + one.type(), TreeMap::new, Collectors.toList()))
                .values()
                .forEach(group -> table.add(row(group)));
        return table;
    }

    private static String row(List<AccuracySeries> group) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %d | %.3g | %.3g | %.3g | %.3g |",
                group.get(0).lossName(),
                group.get(0).type().name().toLowerCase(Locale.ROOT),
                group.stream().mapToInt(AccuracySeries::cases).sum(),
                largest(group, false, AccuracySeries::ourLargest),
                largest(group, false, AccuracySeries::torchLargest),
                largest(group, true, AccuracySeries::ourLargest),
                largest(group, true, AccuracySeries::torchLargest));
    }

    private static double largest(
            List<AccuracySeries> group, boolean gradients, ToDoubleFunction<AccuracySeries> error) {
        return group.stream()
                .filter(one -> one.isGradient() == gradients)
                .mapToDouble(error)
                .max()
                .orElse(0);
    }
}
