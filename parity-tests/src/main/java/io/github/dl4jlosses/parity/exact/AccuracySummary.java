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

    private AccuracySummary(Accuracy first) {
        this.loss = first.loss();
        this.type = first.type();
    }

    /** A table in Markdown. */
    static List<String> of(Collection<Accuracy> accuracies) {
        Map<String, AccuracySummary> summaries = new TreeMap<>();
        for (Accuracy accuracy : accuracies) {
            summaries
                    .computeIfAbsent(accuracy.loss() + accuracy.type(), key -> new AccuracySummary(accuracy))
                    .add(accuracy);
        }
        List<String> table = new ArrayList<>();
        table.add(
                "| largest error in ulp | type | results | our loss | torch's loss | our gradient | torch's gradient |");
        table.add("|---|---|---|---|---|---|---|");
        summaries.values().forEach(summary -> table.add(summary.row()));
        return table;
    }

    private void add(Accuracy accuracy) {
        results += accuracy.cases();
        if (accuracy.isGradient()) {
            ourGradient = Math.max(ourGradient, accuracy.ourLargest());
            torchGradient = Math.max(torchGradient, accuracy.torchLargest());
        } else {
            ours = Math.max(ours, accuracy.ourLargest());
            torch = Math.max(torch, accuracy.torchLargest());
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
