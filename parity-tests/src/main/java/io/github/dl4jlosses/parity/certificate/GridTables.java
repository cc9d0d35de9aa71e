/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.exact.AccuracyGroup;
import io.github.dl4jlosses.parity.exact.AccuracySeries;
import io.github.dl4jlosses.parity.exact.ExactReference;
import io.github.dl4jlosses.parity.grid.Configuration;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** The losses against torch: in short, by options, and where they are farthest apart. */
record GridTables(Findings findings) {
    private static final int WORST_DIGITS = 9;

    /** Each loss in each type: is it torch's, and is it nearer to the exact result? */
    CertificateTable summary() {
        CertificateTable table = new CertificateTable(
                "loss | type | cases | equal to torch | largest error of a loss, ulp: ours | torch's"
                        + " | of a gradient: ours | torch's | series no further than torch");
        List<AccuracyGroup> accuracies = AccuracyGroup.of(findings.accuracies(), AccuracySeries::lossName);
        for (GridRow row : merged(options -> "")) {
            List<String> cells = new ArrayList<>(
                    List.of(row.loss(), CellText.of(row.type()), Integer.toString(row.cases), equal(row)));
            cells.addAll(accuracies.stream()
                    .filter(group -> group.name().equals(row.loss()) && group.type() == row.type())
                    .findFirst()
                    .map(group -> Stream.concat(group.largest().stream().map(CellText::of), Stream.of(group.verdict()))
                            .toList())
                    .orElse(Collections.nCopies(5, "-")));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    private static String equal(GridRow row) {
        return row.passed == row.cases ? "all" : "**" + row.passed + "**";
    }

    /** Rows that stand for all with the same loss, type and words. */
    private Collection<GridRow> merged(Function<Configuration, String> words) {
        Map<String, GridRow> groups = new LinkedHashMap<>();
        for (GridRow row : findings.rows()) {
            String options = words.apply(row.configuration);
            groups.computeIfAbsent(row.loss() + options + row.type(), key -> new GridRow(row.configuration, options))
                    .addAll(row);
        }
        return groups.values();
    }

    /** The grid, rows of the same arithmetic together. */
    CertificateTable groups() {
        return grid(merged(Configuration::arithmetic));
    }

    /** The grid, a row for each combination of options and type. */
    CertificateTable combinations() {
        return grid(findings.rows());
    }

    private static CertificateTable grid(Collection<GridRow> rows) {
        CertificateTable table = new CertificateTable(
                "loss and options | type | cases | equal | max abs | max rel | loss, ulp: median | p99"
                        + " | max | gradient, ulp: median | p99 | max | max, in ulp of the term | torch is off");
        for (GridRow row : rows) {
            Distances values = row.values;
            Distances gradients = row.gradients;
            table.row(
                    row.loss() + ": " + row.options,
                    CellText.of(row.type()),
                    Integer.toString(row.cases),
                    equal(row),
                    CellText.of(Math.max(values.maxAbsolute, gradients.maxAbsolute)),
                    CellText.of(Math.max(values.maxRelative, gradients.maxRelative)),
                    CellText.ulps(values.quantile(.5)),
                    CellText.ulps(values.quantile(.99)),
                    CellText.ulps(values.quantile(1)),
                    CellText.ulps(gradients.quantile(.5)),
                    CellText.ulps(gradients.quantile(.99)),
                    CellText.ulps(gradients.quantile(1)),
                    CellText.of(Math.max(values.maxTermUlps, gradients.maxTermUlps)),
                    Integer.toString(row.torchIsOff));
        }
        return table;
    }

    /** The results farthest from torch's, so many for each loss and type. */
    CertificateTable worst(int each) {
        CertificateTable table = new CertificateTable(
                "loss | type | result | ours | torch | exact | steps | our error, ulp | torch's | case");
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (WorstCase worst : findings.worst()) {
            String loss = worst.example.spec().lossName();
            if (seen.merge(loss + worst.type, 1, Integer::sum) > each) {
                continue;
            }
            ExactNumber exact = worst.exact();
            table.row(
                    loss,
                    CellText.of(worst.type),
                    worst.result + "[" + worst.index + "]",
                    CellText.of(worst.ours, WORST_DIGITS),
                    CellText.of(worst.torch, WORST_DIGITS),
                    exact.isFinite() ? CellText.of(exact.value().doubleValue(), WORST_DIGITS) : "not finite",
                    CellText.ulps(worst.ulps),
                    error(exact, worst.ours, worst.type),
                    error(exact, worst.torch, worst.type),
                    "`" + worst.example.reproduction() + "`");
        }
        return table;
    }

    private static String error(ExactNumber exact, double number, TorchType type) {
        return exact.isFinite() ? CellText.of(ExactReference.errorInUlps(exact, number, type)) : "-";
    }
}
