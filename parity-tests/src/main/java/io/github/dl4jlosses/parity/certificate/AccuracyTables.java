/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.exact.Accuracy;
import java.util.List;

/** The losses and torch against exact results. */
final class AccuracyTables {
    private final Findings findings;

    AccuracyTables(Findings findings) {
        this.findings = findings;
    }

    /** The errors of each loss with certain options, whatever its logits. */
    Table families() {
        Table table = new Table(
                "family",
                "type",
                "results",
                "loss, ulp: ours",
                "torch's",
                "gradient, ulp: ours",
                "torch's",
                "in ulp of the term: ours",
                "torch's",
                "series no further than torch");
        for (AccuracyGroup group : AccuracyGroup.of(findings.accuracies(), Accuracy::options)) {
            table.row(
                    group.name(),
                    Names.type(group.type()),
                    Integer.toString(group.results()),
                    Numbers.text(group.ourLargest(false)),
                    Numbers.text(group.torchLargest(false)),
                    Numbers.text(group.ourLargest(true)),
                    Numbers.text(group.torchLargest(true)),
                    Numbers.text(group.ourTermError()),
                    Numbers.text(group.torchTermError()),
                    group.verdict());
        }
        return table;
    }

    /** Each series of errors. */
    Table series() {
        Table table = new Table(
                "family: result",
                "type",
                "results",
                "ours, ulp: median",
                "p99",
                "max",
                "torch's, ulp: median",
                "p99",
                "max",
                "in ulp of the term: ours",
                "torch's");
        for (Accuracy accuracy : findings.accuracies()) {
            List<Double> ours = accuracy.ourErrors().stream().sorted().toList();
            List<Double> torch = accuracy.torchErrors().stream().sorted().toList();
            table.row(
                    accuracy.name(),
                    Names.type(accuracy.type()),
                    Integer.toString(accuracy.cases()),
                    Numbers.text(quantile(ours, .5)),
                    Numbers.text(quantile(ours, .99)),
                    Numbers.text(accuracy.ourLargest()),
                    Numbers.text(quantile(torch, .5)),
                    Numbers.text(quantile(torch, .99)),
                    Numbers.text(accuracy.torchLargest()),
                    Numbers.text(accuracy.ourTermError()),
                    Numbers.text(accuracy.torchTermError()));
        }
        return table;
    }

    static double quantile(List<Double> sorted, double share) {
        return sorted.isEmpty() ? 0 : sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }
}
