/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static io.github.dl4jlosses.benchmarks.Contender.TORCH_LOOP;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/** The page with the results, in Markdown. */
record BenchmarkPage(
        BenchmarkResults results,
        BenchmarkOptions options,
        List<String> args,
        Circumstances circumstances,
        List<Path> pictures) {
    private static final String COMMAND = "mvn -Pbenchmarks -pl benchmarks -am process-classes";

    private static final String MEANING = """
            How long the losses of this library take for value and gradient, beside DL4J's own, the kernels of torch and a copy of the
            bytes. A ratio to one of them above 1 means that this library is faster (a copy is always faster), and means are geometric. The numbers are those of one machine,
            %s; [its command](#the-run) measures yours.""";

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
              It is measured on the first JDK without the Vector API alone, and so is the copy.
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

            Of the losses below KL fewer shapes are measured, and three iterations. Several threads are measured in float32 alone.

            A ratio above 1 is in favour of this library; those below 1 are in bold; a dash is what was not measured. For **ours /
            copy** smaller is better. The last
            lines are the geometric mean and the smallest of each column.
            """.formatted(100 * BenchmarkResults.LARGEST_CALL_AROUND);

    /** When and where a run took place, how busy the machine was when it began, and how long it took. */
    record Circumstances(String date, String machine, String load, long nanoseconds) {
        private String took() {
            Duration took = Duration.ofNanos(nanoseconds);
            return took.toMinutes() + " min " + took.toSecondsPart() + " s";
        }
    }

    TargetTable targets() {
        return TargetTable.of(results, options.forms(), MissReasons.read());
    }

    String text() {
        Markdown text = new Markdown().line("# Benchmarks").line("").line(MEANING.formatted(circumstances.machine()));
        Summary summary = new Summary(results, options.forms());
        summary.write(text);
        summary.writeBehind(text);
        picture(text, BenchmarkPicture.OVERVIEW);
        targets().write(text);
        text.heading("## The run");
        environment(text);
        text.line("").line(READING.stripTrailing());
        if (!options.losses().isEmpty()) {
            options.threads().forEach(threads -> options.dtypes().forEach(dtype -> losses(text, dtype, threads)));
            if (options.forms().size() > 1) {
                new FormTable(results, options.forms()).write(text);
            }
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
        summary.writeAllBehind(text);
        if (!options.losses().isEmpty()) {
            new CallTable(results, options).write(text);
        }
        return text.toString().stripTrailing() + "\n";
    }

    private void losses(Markdown text, Dtype dtype, int threads) {
        List<Row> rows = results.losses(dtype, threads);
        if (!rows.isEmpty()) {
            text.heading("## " + dtype.option() + ", " + MarkdownTable.threads(threads) + ": loss and gradient");
            new LossTable(rows).write(text);
            picture(text, "-" + dtype.option() + "-" + threads);
        }
    }

    private void picture(Markdown text, String end) {
        pictures.stream()
                .filter(picture -> picture.toString().endsWith(end + ".svg"))
                .forEach(picture ->
                        text.line("").line("![" + caption(picture) + "](images/" + picture.getFileName() + ")"));
    }

    private void environment(Markdown text) {
        text.head("", "").row("machine", circumstances.machine()).row("load at the start", circumstances.load());
        options.jdks().forEach(jdk -> text.row(jdk.title(), jdk.name()));
        text.row("Vector API", vectorApi());
        text.row("versions", versions())
                .row("date", circumstances.date())
                .row(
                        "threads",
                        options.threads() + ": `dl4jlosses.threads`, `OMP_NUM_THREADS` and torch's `set_num_threads`")
                .row(
                        "measured",
                        options.pace().iterations() + " iterations of "
                                + options.pace().milliseconds()
                                + " ms or one call (less common losses, copies and calls from Java: three), after a warm-up; one JVM for each loss, dtype and number of threads")
                .row("command", "`" + command() + "`, which took " + circumstances.took());
    }

    private String vectorApi() {
        String module = "`--add-modules jdk.incubator.vector`";
        return options.vector().stream()
                .map(hasVectorApi -> hasVectorApi ? "with " + module : "without")
                .collect(Collectors.joining(", and "));
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

    /** Without the folders that somebody has JDKs in, and as if it had been run at once. */
    private String command() {
        List<String> others = new ArrayList<>(args);
        for (String option : List.of("--jdks", "--resume")) {
            int at = others.indexOf(option);
            if (at >= 0) {
                others.subList(at, at + 2).clear();
            }
        }
        String properties = options.jdks().stream()
                .skip(1)
                .map(jdk -> "/path/to/jdk-" + jdk.version())
                .collect(Collectors.joining(","));
        return COMMAND
                + (properties.isEmpty() ? "" : " -Dbenchmarks.jdks=" + properties)
                + (others.isEmpty() ? "" : " -Dbenchmarks.args=\"" + String.join(" ", others) + "\"");
    }

    private static String caption(Path picture) {
        return picture.getFileName().toString().replace(".svg", "").replace('-', ' ');
    }

    static String name(Row row) {
        return String.join(", ", row.group().subject(), row.subject(), setting(row));
    }

    /** The dtype and the threads of a row. */
    static String setting(Row row) {
        return row.group().dtype().option() + ", "
                + MarkdownTable.threads(row.group().threads());
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
}
