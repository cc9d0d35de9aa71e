/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static io.github.dl4jlosses.benchmarks.Contender.BUILT_IN;
import static io.github.dl4jlosses.benchmarks.Contender.ONE_PASS;
import static io.github.dl4jlosses.benchmarks.Contender.TORCH_LOOP;
import static io.github.dl4jlosses.benchmarks.Contender.TWO_CALLS;
import static io.github.dl4jlosses.benchmarks.Contender.VALUE_AND_GRADIENT;

import io.github.dl4jlosses.benchmarks.BenchmarkResults.Row;
import io.github.dl4jlosses.parity.report.Markdown;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The table of the losses of one dtype with one number of threads: a line for each loss and shape, then all in short. */
record LossTable(List<Row> rows) {
    void write(Markdown text) {
        List<Column> columns = List.of(
                time("ours", ONE_PASS),
                time("two calls", TWO_CALLS),
                time("torch", TORCH_LOOP),
                time("built-in", BUILT_IN),
                plain("copy", row -> MarkdownTable.time(row.copy())),
                ratio("torch / ours", Row::torchToOurs, MarkdownTable::ratio),
                ratio("torch / two calls", row -> row.ratio(TORCH_LOOP, TWO_CALLS), MarkdownTable::ratio),
                ratio("built-in / two calls", Row::builtInToOurs, MarkdownTable::ratio),
                ratio("ours / copy", Row::oursToCopy, MarkdownTable::digits),
                time("direct", VALUE_AND_GRADIENT),
                plain("torch / direct", LossTable::direct),
                plain("garbage, B", LossTable::garbage),
                plain("1 thread / ours", LossTable::speedUp));
        text.head(cells("loss", "shape", columns, Column::title));
        rows.forEach(row -> text.row(cells(
                row.group().loss().title(),
                row.subject(),
                columns,
                column -> column.cell().apply(row))));
        text.row(cells(
                "geometric mean", "", columns, column -> column.summary().apply(BenchmarkResults::geometricMean)));
        text.row(cells("smallest", "", columns, column -> column.summary().apply(BenchmarkResults::smallest)));
    }

    /** A column: its title, what it says of a row, and what it says of all. */
    private record Column(String title, Function<Row, String> cell, Function<Summary, String> summary) {}

    /** What makes one number of those of all rows. */
    private interface Summary {
        double of(List<Row> rows, ToDoubleFunction<Row> number);
    }

    private static Column plain(String title, Function<Row, String> cell) {
        return new Column(title, cell, summary -> "");
    }

    private static Column time(String title, Contender contender) {
        return plain(title, row -> MarkdownTable.time(row.time(contender)));
    }

    private Column ratio(String title, ToDoubleFunction<Row> ratio, DoubleFunction<String> format) {
        return new Column(
                title, row -> format.apply(ratio.applyAsDouble(row)), summary -> format.apply(summary.of(rows, ratio)));
    }

    private static String[] cells(String first, String second, List<Column> columns, Function<Column, String> text) {
        String[] cells = new String[2 + columns.size()];
        cells[0] = first;
        cells[1] = second;
        for (int i = 0; i < columns.size(); i++) {
            cells[2 + i] = text.apply(columns.get(i));
        }
        return cells;
    }

    private static String direct(Row row) {
        return row.group().loss().hasHead() ? "-" : MarkdownTable.ratio(row.ratio(TORCH_LOOP, VALUE_AND_GRADIENT));
    }

    private static String garbage(Row row) {
        double bytes = row.garbage();
        return Double.isNaN(bytes) ? "-" : String.format(Locale.ROOT, row.isGarbageExact() ? "%.0f" : "<= %.0f", bytes);
    }

    private static String speedUp(Row row) {
        return row.group().threads() == 1 ? "-" : MarkdownTable.ratio(row.speedUp());
    }
}
