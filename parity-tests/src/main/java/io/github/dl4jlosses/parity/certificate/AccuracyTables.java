/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.exact.AccuracyGroup;
import io.github.dl4jlosses.parity.exact.AccuracySeries;
import io.github.dl4jlosses.parity.exact.Errors;
import java.util.List;

/** The losses and torch against exact results. */
record AccuracyTables(Findings findings) {
    /** The errors of each loss with certain options, whatever its logits. */
    CertificateTable families() {
        CertificateTable table = new CertificateTable(
                "family | type | results | loss, ulp: ours | torch's | gradient, ulp: ours | torch's"
                        + " | in ulp of the term: ours | torch's | series no further than torch");
        for (AccuracyGroup group : AccuracyGroup.of(findings.accuracies(), AccuracySeries::family)) {
            List<Double> largest = group.largest();
            table.row(
                    group.name(),
                    CellText.of(group.type()),
                    Integer.toString(group.results()),
                    CellText.of(largest.get(0)),
                    CellText.of(largest.get(1)),
                    CellText.of(largest.get(2)),
                    CellText.of(largest.get(3)),
                    CellText.of(group.errors(AccuracySeries::ours).ofTerm()),
                    CellText.of(group.errors(AccuracySeries::torch).ofTerm()),
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
            Errors ours = accuracy.ours();
            Errors torch = accuracy.torch();
            table.row(
                    accuracy.name(),
                    CellText.of(accuracy.type()),
                    Integer.toString(ours.count()),
                    CellText.of(ours.quantile(.5)),
                    CellText.of(ours.quantile(.99)),
                    CellText.of(ours.largest()),
                    CellText.of(torch.quantile(.5)),
                    CellText.of(torch.quantile(.99)),
                    CellText.of(torch.largest()),
                    CellText.of(ours.ofTerm()),
                    CellText.of(torch.ofTerm()));
        }
        return table;
    }
}
