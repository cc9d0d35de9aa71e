/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static io.github.dl4jlosses.benchmarks.Contender.ONE_PASS;
import static io.github.dl4jlosses.benchmarks.Contender.TORCH_LOOP;
import static io.github.dl4jlosses.benchmarks.Contender.TWO_CALLS;

import io.github.dl4jlosses.benchmarks.BenchmarkResults.Row;
import io.github.dl4jlosses.parity.report.Markdown;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The section of the page about the JDKs, and the Vector API. */
record FormTable(BenchmarkResults results, List<Form> forms) {
    private static final String READING = """
            One pass and two calls of this library in each kind of JVM, in the first dtype with the first number of threads. Torch is
            measured beside each, in the same JVM. **Vector API** is `--add-modules jdk.incubator.vector`; its compiling in the
            background has ended before anything is measured.
            """;

    void write(Markdown text) {
        List<Row> rows = results.losses(forms.get(1)).stream()
                .map(row -> row.in(results.base()))
                .toList();
        text.heading("## JDKs and the Vector API").line(READING);
        text.head(cells("loss", "shape", (part, form) -> part.title + ", " + form.title()));
        for (Row row : rows) {
            text.row(cells(row.group().loss().title(), row.subject(), (part, form) -> part.cell.apply(row.in(form))));
        }
        text.row(cells("geometric mean", "", (part, form) -> summary(rows, part, form, false)));
        text.row(cells("smallest", "", (part, form) -> summary(rows, part, form, true)));
    }

    private record Columns(String title, Function<Row, String> cell, ToDoubleFunction<Row> ratio) {}

    private static final List<Columns> COLUMNS = List.of(
            new Columns("ours", row -> MarkdownTable.time(row.time(ONE_PASS)), null),
            ratio("torch / ours", Row::torchToOurs),
            ratio("torch / two calls", row -> row.ratio(TORCH_LOOP, TWO_CALLS)));

    private static Columns ratio(String title, ToDoubleFunction<Row> ratio) {
        return new Columns(title, row -> MarkdownTable.ratio(ratio.applyAsDouble(row)), ratio);
    }

    private interface Cell {
        String of(Columns part, Form form);
    }

    private String[] cells(String first, String second, Cell cell) {
        List<String> cells = new ArrayList<>(List.of(first, second));
        COLUMNS.forEach(part -> forms.forEach(form -> cells.add(cell.of(part, form))));
        return cells.toArray(String[]::new);
    }

    private static String summary(List<Row> rows, Columns part, Form form, boolean smallest) {
        if (part.ratio == null) {
            return "";
        }
        List<Row> there = rows.stream().map(row -> row.in(form)).toList();
        return MarkdownTable.ratio(
                smallest
                        ? BenchmarkResults.smallest(there, part.ratio)
                        : BenchmarkResults.geometricMean(there, part.ratio));
    }
}
