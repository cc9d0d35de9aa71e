/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static io.github.dl4jlosses.benchmarks.Contender.BUILT_IN;
import static io.github.dl4jlosses.benchmarks.Contender.ONE_PASS;
import static io.github.dl4jlosses.benchmarks.Contender.TORCH_CALL;
import static io.github.dl4jlosses.benchmarks.Contender.TORCH_EMPTY_LOOP;
import static io.github.dl4jlosses.benchmarks.Contender.TORCH_LOOP;
import static io.github.dl4jlosses.benchmarks.Contender.TWO_CALLS;
import static io.github.dl4jlosses.benchmarks.Contender.VALUE_AND_GRADIENT;

import io.github.dl4jlosses.benchmarks.BenchmarkResults.Row;
import io.github.dl4jlosses.parity.report.Machine;
import io.github.dl4jlosses.parity.report.Markdown;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page with the results, in Markdown. */
record BenchmarkPage(
        BenchmarkResults results, BenchmarkOptions options, List<String> args, Duration took, String load) {
    private static final String COMMAND = "mvn -Pbenchmarks -pl benchmarks -am process-classes";

    private static final String MEANING = """
            How long the losses of this library take, beside DL4J's own, the kernels of torch and a copy of the bytes. What you find here:

            * **Will my training be faster after a swap?** See [whole iterations of `fit`](#whole-iterations-of-fit): a ratio above 1 means
              that an iteration is faster than with the built-in loss. The loss is only a part of an iteration.
            * **How fast is the loss alone?** See the tables of [loss and gradient](#how-to-read-this), and find your number of classes.
              **built-in / two calls** above 1 means faster than DL4J's loss, **torch / ours** above 1 faster than torch.
            * **Where is it slower?** [All such rows](#where-this-library-is-behind) are listed before the tables.

            The numbers are those of the machine below. Its command measures yours.""";

    private static final String READING = """
            ## How to read this

            Times are medians, for the loss and its gradient. Everybody has the same numbers and the same number of threads;
            before a measurement the value of torch is compared with that of this library.

            * **ours**: `computeGradientAndScore`, one pass for the score and the gradient, in a workspace, on rows (`[N*T, C]`,
              `[N*H*W, C]`) as an output layer makes them. This is the work of torch's forward and backward, head included, so
              **torch / ours**, **ours / copy** and the gain of several threads, **1 thread / ours**, speak of it.
            * **two calls**: `computeGradient`, then `computeScore`, which is what DL4J calls in each iteration of `fit`.
            * **built-in**: the same two calls of `LossSparseMCXENT`, `LossMCXENT`, `LossNegativeLogLikelihood` or `LossKLD` with
              softmax, `LossBinaryXENT` with sigmoid, or `LossMSE`, `LossMAE` or `LossPoisson`. DL4J has no label smoothing, no
              pos_weight and no power of a focal loss; its losses are measured without. The built-in of the soft margin is
              `LossBinaryXENT` with the labels 0 and 1. A dash stands where DL4J has no loss for the purpose.
            * **torch**: its kernels forward and backward on a fresh leaf, so many times within one call that the call hardly
              counts, without what it takes when it makes no pass. Where that is more than %.0f %% of the whole, torch was not
              measured, and the means go without it. TorchScript's optimizer is off and each gradient is counted, so that each
              pass is really computed. For sequences and images torch has its own layout, (N, C, ..). The focal loss is
              torchvision's, and the Gaussian NLL is Python as in torch: both are several kernels.
            * **direct**: `valueAndGradient` of this library, in torch's layout. NLL, BCE and KL get log-probabilities or
              probabilities there, so this is less work than the same row's other columns and not compared with torch.
            * **copy**: `memcpy` of the input, and of the target where it is no class for each row, by one thread.
            * **garbage**: bytes on the heap for both calls of ours, beside those of the result, by JMH's `gc` profiler. It
              counts what JMH itself allocates in an iteration: where few calls fit into one, the number is a bound.

            An f behind a shape says that the pre-output of the layer, `[N, C]`, is in memory column by column, ND4J's order 'f';
            torch and the direct call have the same numbers row by row. The Gaussian NLL has two outputs for each number of a shape. The margin losses of classes take rows only.

            A ratio above 1 is in favour of this library; those below 1 are in bold; a dash is what was not measured. The last
            lines are the geometric mean and the smallest of each column.
            """.formatted(100 * BenchmarkResults.LARGEST_CALL_AROUND);

    String text(List<Path> pictures) {
        Markdown text = new Markdown().line("# Benchmarks").line("").line(MEANING);
        environment(text);
        text.line("").line(READING.stripTrailing());
        behind(text);
        pictures.forEach(
                picture -> text.line("").line("![" + caption(picture) + "](images/" + picture.getFileName() + ")"));
        if (!options.losses().isEmpty()) {
            options.threads()
                    .forEach(threads -> options.dtypes().forEach(dtype -> {
                        text.heading("## " + dtype.option() + ", " + threads(threads) + ": loss and gradient");
                        new LossTable(results.losses(dtype, threads), options).write(text);
                    }));
        }
        if (!options.sequences().isEmpty()) {
            text.heading("## CTC")
                    .line(
                            "`CTCLoss.valueAndGradient` against `torch.ctc_loss` forward and backward, both on the same log-probabilities")
                    .line("with random labels of full length. Sizes are steps x sequences x classes x label length.")
                    .line("")
                    .head("sizes", "dtype", "threads", "ours", "torch", "torch / ours", "1 thread / ours");
            options.threads().forEach(threads -> options.dtypes().forEach(dtype -> sequences(text, dtype, threads)));
        }
        if (!options.networks().isEmpty()) {
            new FitTable(results, options).write(text);
        }
        if (!options.losses().isEmpty()) {
            calls(text);
        }
        return text.toString();
    }

    private void calls(Markdown text) {
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
        options.threads().forEach(threads -> options.dtypes().forEach(dtype -> calls(text, dtype, threads)));
    }

    private void environment(Markdown text) {
        text.line("")
                .head("", "")
                .row("machine", machine())
                .row("load at the start", load)
                .row("JDK", Machine.jdk())
                .row(
                        "another JDK",
                        "`JAVA_HOME=/path/to/jdk " + COMMAND + " -Dbenchmarks.args=\"--out docs/BENCHMARKS-jdk.md\"`")
                .row("versions", versions())
                .row("date", LocalDate.now(ZoneOffset.UTC).toString())
                .row(
                        "threads",
                        options.threads() + ": `dl4jlosses.threads`, `OMP_NUM_THREADS` and torch's `set_num_threads`")
                .row("`--add-modules jdk.incubator.vector`", options.vector() ? "yes" : "no")
                .row(
                        "measured",
                        options.pace().iterations() + " iterations of "
                                + options.pace().milliseconds()
                                + " ms or one call (copies and calls from Java: fewer), after a warm-up; one JVM for each loss, dtype and number of threads")
                .row(
                        "command",
                        "`" + command() + "`, which took " + took.toMinutes() + " min " + took.toSecondsPart() + " s");
    }

    static String machine() {
        return Machine.processor() + ", " + Runtime.getRuntime().availableProcessors() + " processors, "
                + Machine.system();
    }

    /** How busy the system is; with other work beside it, waiting threads of OpenMP make times of several threads useless. */
    static String loadAverage() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? "unknown" : MarkdownTable.digits(load);
    }

    private static String versions() {
        Properties versions = new Properties();
        try (InputStream in = BenchmarkPage.class.getResourceAsStream("/versions.properties")) {
            versions.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of("dl4j-losses", "DL4J", "torch", "DJL", "JMH").stream()
                .map(name -> name + " " + versions.getProperty(name))
                .collect(Collectors.joining(", "));
    }

    private String command() {
        return args.isEmpty() ? COMMAND : COMMAND + " -Dbenchmarks.args=\"" + String.join(" ", args) + "\"";
    }

    private static String caption(Path picture) {
        return picture.getFileName().toString().replace(".svg", "").replace('-', ' ');
    }

    private static String threads(int threads) {
        return threads == 1 ? "1 thread" : threads + " threads";
    }

    /** What is lost is said before what is won, and what is not known as well. */
    private void behind(Markdown text) {
        text.heading("## Where this library is behind");
        List<Row> rows = options.threads().stream()
                .flatMap(threads -> options.dtypes().stream().flatMap(dtype -> results.losses(dtype, threads).stream()))
                .toList();
        List<String> lines = rows.stream()
                .filter(row -> row.ratio(TORCH_LOOP, ONE_PASS) < 1 || row.ratio(BUILT_IN, TWO_CALLS) < 1)
                .map(BenchmarkPage::ratios)
                .collect(Collectors.toCollection(ArrayList::new));
        sequences()
                .filter(row -> row.ratio(TORCH_LOOP, VALUE_AND_GRADIENT) < 1)
                .forEach(row -> lines.add("* "
                        + name(row) + ": torch / ours "
                        + MarkdownTable.ratio(row.ratio(TORCH_LOOP, VALUE_AND_GRADIENT))));
        new FitTable(results, options).behind().forEach(lines::add);
        text.line(lines.isEmpty() ? "Nowhere in this run." : String.join("\n", lines));
        long unknown =
                rows.stream().filter(row -> Double.isNaN(row.time(TORCH_LOOP))).count();
        if (unknown > 0) {
            text.line("").line("Not known of torch in " + unknown + " of " + rows.size() + " rows.");
        }
    }

    private static String ratios(Row row) {
        return String.format(
                Locale.ROOT,
                "* %s: torch / ours %s, built-in / two calls %s",
                name(row),
                MarkdownTable.ratio(row.ratio(TORCH_LOOP, ONE_PASS)),
                MarkdownTable.ratio(row.ratio(BUILT_IN, TWO_CALLS)));
    }

    static String name(Row row) {
        Group group = row.group();
        return String.join(", ", group.subject(), row.subject(), group.dtype().option(), threads(group.threads()));
    }

    private Stream<Row> sequences() {
        return options.threads().stream()
                .flatMap(threads ->
                        options.dtypes().stream().flatMap(dtype -> results.sequences(dtype, threads).stream()));
    }

    private void sequences(Markdown text, Dtype dtype, int threads) {
        for (Row row : results.sequences(dtype, threads)) {
            text.row(
                    row.subject(),
                    dtype.option(),
                    Integer.toString(threads),
                    MarkdownTable.time(row.time(VALUE_AND_GRADIENT)),
                    MarkdownTable.time(row.time(TORCH_LOOP)),
                    MarkdownTable.ratio(row.ratio(TORCH_LOOP, VALUE_AND_GRADIENT)),
                    threads == 1 ? "-" : MarkdownTable.ratio(row.speedUp()));
        }
    }

    private void calls(Markdown text, Dtype dtype, int threads) {
        for (Row row : results.losses(dtype, threads)) {
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
