/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.exact.AccuracyGroup;
import io.github.dl4jlosses.parity.exact.AccuracySeries;
import java.util.List;

/** The losses and torch against exact results. */
record AccuracyTables(Findings findings) {
    /** The errors of each loss with certain options, whatever its logits. */
    CertificateTable families() {
        CertificateTable table = new CertificateTable(
                "family | type | results | loss, ulp: ours | torch's | gradient, ulp: ours | torch's"
                        + " | in ulp of the term: ours | torch's | series no further than torch");
        for (AccuracyGroup group : AccuracyGroup.of(findings.accuracies(), AccuracySeries::family)) {
            table.row(
                    group.name(),
                    CellText.of(group.type()),
                    Integer.toString(group.results()),
                    CellText.of(group.ourLargest(false)),
                    CellText.of(group.torchLargest(false)),
                    CellText.of(group.ourLargest(true)),
                    CellText.of(group.torchLargest(true)),
                    CellText.of(group.ourTermError()),
                    CellText.of(group.torchTermError()),
                    group.verdict());
        }
        return table;
    }

    /** Each series of errors. */
    CertificateTable series() {
        CertificateTable table = new CertificateTable(
                "family: result | type | results | ours, ulp: median | p99 | max | torch's, ulp: median"
                        + " | p99 | max | in ulp of the term: ours | torch's");
        for (AccuracySeries accuracy : findings.accuracies()) {
            List<Double> ours = accuracy.ourErrors().stream().sorted().toList();
            List<Double> torch = accuracy.torchErrors().stream().sorted().toList();
            table.row(
                    accuracy.name(),
                    CellText.of(accuracy.type()),
                    Integer.toString(accuracy.cases()),
                    CellText.of(quantile(ours, .5)),
                    CellText.of(quantile(ours, .99)),
                    CellText.of(accuracy.ourLargest()),
                    CellText.of(quantile(torch, .5)),
                    CellText.of(quantile(torch, .99)),
                    CellText.of(accuracy.torchLargest()),
                    CellText.of(accuracy.ourTermError()),
                    CellText.of(accuracy.torchTermError()));
        }
        return table;
    }

    static double quantile(List<Double> sorted, double share) {
        return sorted.isEmpty() ? 0 : sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }
}
