/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static io.github.dl4jlosses.benchmarks.Contender.FIT_BUILT_IN;
import static io.github.dl4jlosses.benchmarks.Contender.FIT_FUSED;
import static io.github.dl4jlosses.benchmarks.Contender.FIT_OURS;

import io.github.dl4jlosses.benchmarks.BenchmarkResults.Row;
import io.github.dl4jlosses.parity.report.Markdown;
import java.util.stream.Stream;

/** The section of the page about whole iterations of training. */
record FitTable(BenchmarkResults results, BenchmarkOptions options) {
    private static final String READING = """
            **Built-in** is DL4J's loss: `LossMCXENT`, or `LossSparseMCXENT` for labels by index. **Ours** is `CrossEntropyLoss`
            in DL4J's own layer, with the same labels. **Fused** is the same loss in `FusedOutputLayer` or
            `FusedRnnOutputLayer`, as `LossSwap.fuse` puts it there. All have a softmax. The three are measured in turns, and
            times are medians over the turns.
            """;

    void write(Markdown text) {
        text.heading("## Whole iterations of `fit`").line(READING);
        options.networks().forEach(network -> text.line("* " + network.option() + ": " + network.description()));
        text.line("")
                .head(
                        "network",
                        "dtype",
                        "threads",
                        "ours",
                        "fused",
                        "built-in",
                        "built-in / ours",
                        "built-in / fused");
        rows().forEach(row -> text.row(
                row.subject(),
                row.group().dtype().option(),
                Integer.toString(row.group().threads()),
                MarkdownTable.time(row.time(FIT_OURS)),
                MarkdownTable.time(row.time(FIT_FUSED)),
                MarkdownTable.time(row.time(FIT_BUILT_IN)),
                MarkdownTable.ratio(row.ratio(FIT_BUILT_IN, FIT_OURS)),
                MarkdownTable.ratio(row.ratio(FIT_BUILT_IN, FIT_FUSED))));
    }

    private Stream<Row> rows() {
        return options.threads().stream()
                .flatMap(threads ->
                        options.dtypes().stream().flatMap(dtype -> results.networks(dtype, threads).stream()));
    }
}
