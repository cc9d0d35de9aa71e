/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static io.github.dl4jlosses.benchmarks.Contender.TORCH_CALL;
import static io.github.dl4jlosses.benchmarks.Contender.TORCH_EMPTY_LOOP;
import static io.github.dl4jlosses.benchmarks.Contender.TORCH_LOOP;

import io.github.dl4jlosses.benchmarks.BenchmarkResults.Row;
import io.github.dl4jlosses.parity.report.Markdown;

/** The section of the page about calls of torch from Java. */
record CallTable(BenchmarkResults results, BenchmarkOptions options) {
    void write(Markdown text) {
        text.heading("## What a call from Java adds")
                .line(
                        "`TorchFunction` carries all numbers to torch and back, checked and as float64. That is for proofs and not for speed,")
                .line("and none of it is counted in the tables above.")
                .line("")
                .head(
                        "loss",
                        "shape",
                        "dtype",
                        "threads",
                        "a pass",
                        "the call of a pass",
                        "call - pass",
                        "passes of the loop",
                        "empty loop");
        options.threads().forEach(threads -> options.dtypes().forEach(dtype -> rows(text, dtype, threads)));
    }

    private void rows(Markdown text, Dtype dtype, int threads) {
        for (Row row : results.losses(dtype, threads)) {
            if (Double.isNaN(row.time(TORCH_CALL))) {
                continue;
            }
            text.row(
                    row.group().loss().title(),
                    row.subject(),
                    dtype.option(),
                    Integer.toString(threads),
                    MarkdownTable.time(row.time(TORCH_LOOP)),
                    MarkdownTable.time(row.time(TORCH_CALL)),
                    MarkdownTable.time(row.time(TORCH_CALL) - row.time(TORCH_LOOP)),
                    Long.toString(row.torchPasses()),
                    MarkdownTable.time(row.time(TORCH_EMPTY_LOOP)));
        }
    }
}
