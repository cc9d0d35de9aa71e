/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import io.github.dl4jlosses.parity.TorchType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The largest errors of each loss and type, over all its families: one line where the whole table has a hundred. */
final class AccuracySummary {
    private final String loss;
    private final TorchType type;
    private int results;
    private double ours;
    private double torch;
    private double ourGradient;
    private double torchGradient;

    private AccuracySummary(AccuracySeries first) {
        this.loss = first.lossName();
        this.type = first.type();
    }

    /** A table in Markdown. */
    static List<String> of(Collection<AccuracySeries> series) {
        Map<String, AccuracySummary> summaries = new TreeMap<>();
        for (AccuracySeries one : series) {
            summaries
                    .computeIfAbsent(one.lossName() + one.type(), key -> new AccuracySummary(one))
                    .add(one);
        }
        List<String> table = new ArrayList<>();
        table.add(
                "| largest error in ulp | type | results | our loss | torch's loss | our gradient | torch's gradient |");
        table.add("|---|---|---|---|---|---|---|");
        summaries.values().forEach(summary -> table.add(summary.row()));
        return table;
    }

    private void add(AccuracySeries one) {
        results += one.cases();
        if (one.isGradient()) {
            ourGradient = Math.max(ourGradient, one.ourLargest());
            torchGradient = Math.max(torchGradient, one.torchLargest());
        } else {
            ours = Math.max(ours, one.ourLargest());
            torch = Math.max(torch, one.torchLargest());
        }
    }

    private String row() {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %d | %.3g | %.3g | %.3g | %.3g |",
                loss,
                type.name().toLowerCase(Locale.ROOT),
                results,
                ours,
                torch,
                ourGradient,
                torchGradient);
    }
}
