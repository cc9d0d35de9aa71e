/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static io.github.dl4jlosses.benchmarks.Contender.ONE_PASS;
import static io.github.dl4jlosses.benchmarks.Contender.TORCH_LOOP;
import static io.github.dl4jlosses.benchmarks.Contender.TWO_CALLS;

import io.github.dl4jlosses.benchmarks.BenchmarkResults.Row;
import io.github.dl4jlosses.parity.report.Markdown;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The section of the page about the JDKs, and the Vector API. */
record FormTable(BenchmarkResults results, List<JvmForm> forms) {
    private static final String READING = """
            One pass and two calls of this library in each kind of JVM, in the first dtype with the first number of threads. Torch is
            measured beside each, in the same JVM. **Vector API** is `--add-modules jdk.incubator.vector`; its compiling in the
            background has ended before anything is measured.
            """;

    void write(Markdown text) {
        List<Row> rows = results.losses(forms.get(1)).stream()
                .map(row -> row.in(results.base()))
                .toList();
        text.heading("## JDKs and the Vector API").line(READING.stripTrailing());
        text.heading("### Time of one pass");
        head(text);
        rows.forEach(row -> text.row(cells(
                row.group().loss().title(),
                row.subject(),
                form -> MarkdownTable.time(row.in(form).time(ONE_PASS)))));
        text.heading("### Time of torch / one pass");
        ratios(text, rows, Row::torchToOurs);
        text.heading("### Time of torch / two calls");
        ratios(text, rows, row -> row.ratio(TORCH_LOOP, TWO_CALLS));
    }

    private void head(Markdown text) {
        text.head(cells("loss", "shape", JvmForm::title));
    }

    private void ratios(Markdown text, List<Row> rows, ToDoubleFunction<Row> ratio) {
        head(text);
        rows.forEach(row -> text.row(cells(
                row.group().loss().title(),
                row.subject(),
                form -> MarkdownTable.ratio(ratio.applyAsDouble(row.in(form))))));
        text.row(cells(
                "geometric mean",
                "",
                form -> MarkdownTable.ratio(BenchmarkResults.geometricMean(in(form, rows), ratio))));
        text.row(cells("smallest", "", form -> MarkdownTable.ratio(BenchmarkResults.smallest(in(form, rows), ratio))));
    }

    private static List<Row> in(JvmForm form, List<Row> rows) {
        return rows.stream().map(row -> row.in(form)).toList();
    }

    private String[] cells(String first, String second, Function<JvmForm, String> cell) {
        return Stream.concat(Stream.of(first, second), forms.stream().map(cell)).toArray(String[]::new);
    }
}
