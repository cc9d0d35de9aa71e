/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static io.github.dl4jlosses.benchmarks.Contender.BUILT_IN;
import static io.github.dl4jlosses.benchmarks.Contender.COPY;
import static io.github.dl4jlosses.benchmarks.Contender.FIT_BUILT_IN;
import static io.github.dl4jlosses.benchmarks.Contender.FIT_OURS;
import static io.github.dl4jlosses.benchmarks.Contender.OURS;
import static io.github.dl4jlosses.benchmarks.Contender.TORCH_CALL;
import static io.github.dl4jlosses.benchmarks.Contender.TORCH_EMPTY_LOOP;
import static io.github.dl4jlosses.benchmarks.Contender.TORCH_LOOP;
import static io.github.dl4jlosses.benchmarks.Contender.VALUE_AND_GRADIENT;

import io.github.dl4jlosses.benchmarks.Results.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** The page with the results, in Markdown. */
final class Page {
    private static final String READING = """
            ## How to read this

            Times are medians, for the loss and its gradient. Everybody has the same numbers and the same number of threads;
            before a measurement the value of torch is compared with that of this library.

            * **ours** and **built-in**: `computeGradient`, then `computeScore`, which is what DL4J calls in each iteration of
              `fit`, in a workspace, on rows (`[N*T, C]`, `[N*H*W, C]`) as an output layer makes them. The built-in is
              `LossSparseMCXENT`, `LossMCXENT`, `LossNegativeLogLikelihood` or `LossKLD` with softmax, or `LossBinaryXENT` with
              sigmoid. DL4J has no label smoothing and no pos_weight; its losses are measured without.
            * **torch**: its kernels forward and backward on a fresh leaf, many times within one call, without what that call
              takes when it makes no pass. TorchScript's optimizer is off, so that each pass is really computed. For
              sequences and images torch has its own layout, (N, C, ..).
            * **direct**: `valueAndGradient` of this library, in torch's layout. NLL, BCE and KL get log-probabilities or
              probabilities there, so this is less work than the same row's other columns and not compared with torch.
            * **copy**: `memcpy` of the input, and of the target where it is as large, by one thread.
            * **garbage**: bytes on the heap for both calls of ours, beside those of the result, by JMH's `gc` profiler. It
              counts what JMH itself allocates in an iteration: where few calls fit into one, the number is a bound.

            A ratio above 1 is in favour of this library; those below 1 are in bold. The last lines are the geometric mean
            and the smallest of each column.
            """;

    private final Results results;
    private final Options options;
    private final List<String> args;
    private final Duration took;
    private final String load;
    private final Table text = new Table();

    Page(Results results, Options options, List<String> args, Duration took, String load) {
        this.results = results;
        this.options = options;
        this.args = args;
        this.took = took;
        this.load = load;
    }

    String text(List<Path> pictures) {
        text.line("# Benchmarks")
                .line("")
                .line("The losses of this library against DL4J's own, the kernels of torch and a copy of the bytes.");
        environment();
        text.line("").line(READING.stripTrailing());
        behind();
        pictures.forEach(
                picture -> text.line("").line("![" + caption(picture) + "](images/" + picture.getFileName() + ")"));
        each("loss and gradient", this::losses);
        if (!options.networks().isEmpty()) {
            text.heading("## Whole iterations of `fit`")
                    .line(
                            "A perceptron 64-32-10 with batches of 32, and an LSTM with 32 units on 16 texts of 40 letters out of")
                    .line("60. `CrossEntropyLoss` against `LossMCXENT`, the same labels, softmax.")
                    .line("")
                    .head("network", "dtype", "threads", "ours", "built-in", "built-in / ours");
            options.threads().forEach(threads -> options.dtypes().forEach(dtype -> networks(dtype, threads)));
        }
        text.heading("## What a call from Java adds")
                .line(
                        "`TorchFunction` carries all numbers to torch and back, checked and as float64. That is for proofs and not for speed,")
                .line("and none of it is counted in the tables above.")
                .line("")
                .head("loss", "shape", "dtype", "threads", "a pass", "the call of a pass", "call - pass", "empty loop");
        options.threads().forEach(threads -> options.dtypes().forEach(dtype -> calls(dtype, threads)));
        return text.toString();
    }

    private void environment() {
        text.line("")
                .head("", "")
                .row("machine", Environment.machine())
                .row("load at the start", load)
                .row("JDK", Environment.jdk())
                .row("versions", Environment.versions())
                .row("date", LocalDate.now(ZoneOffset.UTC).toString())
                .row(
                        "threads",
                        options.threads() + ": `dl4jlosses.threads`, `OMP_NUM_THREADS` and torch's `set_num_threads`")
                .row(
                        "measured",
                        options.pace().iterations() + " iterations of "
                                + options.pace().milliseconds()
                                + " ms or one call, after a warm-up; one JVM for each loss, dtype and number of threads")
                .row(
                        "command",
                        "`" + command() + "`, which took " + took.toMinutes() + " min " + took.toSecondsPart() + " s");
    }

    private String command() {
        String line = "mvn -Pbenchmarks -pl benchmarks -am process-classes";
        return args.isEmpty() ? line : line + " -Dbenchmarks.args=\"" + String.join(" ", args) + "\"";
    }

    private static String caption(Path picture) {
        return picture.getFileName().toString().replace(".png", "").replace('-', ' ');
    }

    private void each(String what, BiConsumer<Dtype, Integer> section) {
        for (int threads : options.threads()) {
            for (Dtype dtype : options.dtypes()) {
                text.heading("## " + dtype.option() + ", " + threads(threads) + ": " + what);
                section.accept(dtype, threads);
            }
        }
    }

    private static String threads(int threads) {
        return threads == 1 ? "1 thread" : threads + " threads";
    }

    private void losses(Dtype dtype, int threads) {
        text.head(
                "loss",
                "shape",
                "ours",
                "torch",
                "built-in",
                "copy",
                "torch / ours",
                "built-in / ours",
                "ours / copy",
                "direct",
                "torch / direct",
                "garbage, B",
                "1 thread / ours");
        List<Row> rows = results.losses(dtype, threads);
        for (Row row : rows) {
            text.row(
                    row.group().loss().title(),
                    row.subject(),
                    Table.time(row.time(OURS)),
                    Table.time(row.time(TORCH_LOOP)),
                    Table.time(row.time(BUILT_IN)),
                    Table.time(row.time(COPY)),
                    Table.ratio(row.ratio(TORCH_LOOP, OURS)),
                    Table.ratio(row.ratio(BUILT_IN, OURS)),
                    Table.digits(row.ratio(OURS, COPY)),
                    Table.time(row.time(VALUE_AND_GRADIENT)),
                    Table.ratio(direct(row)),
                    garbage(row),
                    threads == 1 ? "-" : Table.ratio(row.speedUp()));
        }
        text.row(
                "geometric mean",
                "",
                "",
                "",
                "",
                "",
                Table.ratio(Results.geometricMean(rows, row -> row.ratio(TORCH_LOOP, OURS))),
                Table.ratio(Results.geometricMean(rows, row -> row.ratio(BUILT_IN, OURS))),
                Table.digits(Results.geometricMean(rows, row -> row.ratio(OURS, COPY))),
                "",
                "",
                "",
                "");
        text.row(
                "smallest",
                "",
                "",
                "",
                "",
                "",
                Table.ratio(Results.smallest(rows, row -> row.ratio(TORCH_LOOP, OURS))),
                Table.ratio(Results.smallest(rows, row -> row.ratio(BUILT_IN, OURS))),
                Table.digits(Results.smallest(rows, row -> row.ratio(OURS, COPY))),
                "",
                "",
                "",
                "");
    }

    private String garbage(Row row) {
        double calls = options.pace().milliseconds() * 1e6 / row.time(OURS);
        return String.format(Locale.ROOT, calls < 100 ? "<= %.0f" : "%.0f", row.garbage());
    }

    private static double direct(Row row) {
        return row.group().loss().hasHead() ? Double.NaN : row.ratio(TORCH_LOOP, VALUE_AND_GRADIENT);
    }

    /** What is lost is said before what is won. */
    private void behind() {
        text.heading("## Where this library is behind");
        List<String> lines = options.threads().stream()
                .flatMap(threads -> options.dtypes().stream().flatMap(dtype -> results.losses(dtype, threads).stream()))
                .filter(row -> Math.min(row.ratio(TORCH_LOOP, OURS), row.ratio(BUILT_IN, OURS)) < 1)
                .map(row -> String.format(
                        Locale.ROOT,
                        "* %s, %s, %s: torch / ours %s, built-in / ours %s",
                        row.group().loss().title(),
                        row.subject(),
                        row.group().dtype().option() + ", "
                                + threads(row.group().threads()),
                        Table.ratio(row.ratio(TORCH_LOOP, OURS)),
                        Table.ratio(row.ratio(BUILT_IN, OURS))))
                .toList();
        text.line(lines.isEmpty() ? "Nowhere in this run." : lines.stream().collect(Collectors.joining("\n")));
    }

    private void networks(Dtype dtype, int threads) {
        for (Row row : results.networks(dtype, threads)) {
            text.row(
                    row.subject(),
                    dtype.option(),
                    Integer.toString(threads),
                    Table.time(row.time(FIT_OURS)),
                    Table.time(row.time(FIT_BUILT_IN)),
                    Table.ratio(row.ratio(FIT_BUILT_IN, FIT_OURS)));
        }
    }

    private void calls(Dtype dtype, int threads) {
        for (Row row : results.losses(dtype, threads)) {
            text.row(
                    row.group().loss().title(),
                    row.subject(),
                    dtype.option(),
                    Integer.toString(threads),
                    Table.time(row.time(TORCH_LOOP)),
                    Table.time(row.time(TORCH_CALL)),
                    Table.time(row.time(TORCH_CALL) - row.time(TORCH_LOOP)),
                    Table.time(row.time(TORCH_EMPTY_LOOP)));
        }
    }
}
