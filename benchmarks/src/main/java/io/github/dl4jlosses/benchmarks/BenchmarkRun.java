/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.dl4jlosses.MSELoss;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures one {@link Group}, in the JVM that {@link BenchmarkReport} has started for it.
 *
 * <p>JMH does not fork again: a loss meets all its shapes in one JVM, as in an application, and the libraries behind ND4J and
 * torch, which take seconds to start, do so once.
 */
final class BenchmarkRun {
    /** How many iterations long. */
    static final int WARMUPS_OF_OURS = 8;

    private static final String VECTOR_FORMS = "dl4j-losses vector forms";

    private final BenchmarkOptions options;
    private final List<RunResult> results = new ArrayList<>();

    private BenchmarkRun(BenchmarkOptions options) {
        this.options = options;
    }

    /** The file of the results, then the options of the report as far as they concern the group. */
    public static void main(String[] args) throws Exception {
        BenchmarkRun run = new BenchmarkRun(BenchmarkOptions.parse(Arrays.copyOfRange(args, 1, args.length)));
        awaitVectorForms();
        if (!run.options.losses().isEmpty()) {
            run.losses();
        }
        if (!run.options.sequences().isEmpty()) {
            run.sequences();
        }
        if (!run.options.networks().isEmpty()) {
            run.networks();
        }
        try (PrintStream out = new PrintStream(Files.newOutputStream(Path.of(args[0])), false, UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(run.results);
        }
        // threads of torch and of ND4J are still there
        System.exit(0);
    }

    /** The library compiles them in a thread of its own from the first loss on, and what is measured is a JVM that is warm. */
    private static void awaitVectorForms() throws InterruptedException {
        INDArray numbers = Nd4j.zeros(DataType.FLOAT, 4, 4);
        new MSELoss().value(numbers, numbers);
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(VECTOR_FORMS)) {
                thread.join();
            }
        }
    }

    /** What C2 compiles warms up longer than what comes compiled. */
    private void losses() throws RunnerException {
        int iterations = options.pace().iterations();
        // what comes first would be measured while it is still being compiled, above all where threads that are
        // measured leave
        // the JIT compiler no processor: nobody sees this
        List<Shape> small =
                options.shapes().subList(0, Math.min(2, options.shapes().size()));
        new Runner(shapes(base(20), small)
                        .include(methods(LossBenchmark.class) + "ours")
                        .measurementIterations(1)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        run(
                LossBenchmark.class,
                shapes(base(WARMUPS_OF_OURS)).addProfiler(GCProfiler.class),
                Contender.ONE_PASS,
                Contender.TWO_CALLS,
                Contender.VALUE_AND_GRADIENT);
        run(LossBenchmark.class, shapes(base(2)), Contender.BUILT_IN);
        // the same for all shapes
        run(LossBenchmark.class, first(base(2)).addProfiler(GCProfiler.class), Contender.RESULT_ONLY);
        run(TorchBenchmark.class, shapes(base(1)), Contender.TORCH_LOOP, Contender.TORCH_EMPTY_LOOP);
        // they vary little, or are only stated and take long
        int fewer = Math.min(3, iterations);
        run(TorchBenchmark.class, shapes(base(1)).measurementIterations(fewer), Contender.COPY);
        List<Shape> called =
                options.shapes().stream().filter(Shape::isCalledFromJava).toList();
        if (!called.isEmpty()) {
            run(TorchBenchmark.class, shapes(base(1), called).measurementIterations(fewer), Contender.TORCH_CALL);
        }
    }

    /** Those of the contenders that are wanted and apply to the loss. */
    private void run(Class<?> benchmark, ChainedOptionsBuilder builder, Contender... contenders)
            throws RunnerException {
        String wanted = Arrays.stream(contenders)
                .filter(options.contenders()::contains)
                .filter(Contender.of(loss())::contains)
                .map(Contender::method)
                .collect(Collectors.joining("|"));
        if (!wanted.isEmpty()) {
            run(builder.include(methods(benchmark) + "(" + wanted + ")$"));
        }
    }

    private void sequences() throws RunnerException {
        run(sequences(base(8).include(methods(SequenceBenchmark.class) + "valueAndGradient")));
        run(sequences(base(1).include(methods(SequenceBenchmark.class) + "torch.*Loop")));
    }

    private ChainedOptionsBuilder sequences(ChainedOptionsBuilder builder) {
        return builder.param(
                "sequences",
                options.sequences().stream().map(Sequences::toString).toArray(String[]::new));
    }

    /**
     * In turns: a loss is a small part of an iteration, and what disturbs the machine while one contender is measured would
     * count for more.
     */
    private void networks() throws RunnerException {
        for (int round = 0; round < options.pace().rounds(); round++) {
            int now = round;
            List<String> networks = options.networks().stream()
                    .filter(network -> now < network.rounds(options.pace()))
                    .map(FitNetwork::option)
                    .toList();
            if (!networks.isEmpty()) {
                networks(networks, round == 0 ? 10 * options.pace().iterations() : 1);
            }
        }
    }

    private void networks(List<String> networks, int warmups) throws RunnerException {
        run(base(warmups)
                .include(methods(FitBenchmark.class))
                .measurementIterations(1)
                .param("network", networks.toArray(String[]::new)));
    }

    private static String methods(Class<?> benchmark) {
        return "^" + Pattern.quote(benchmark.getName() + ".");
    }

    private ChainedOptionsBuilder first(ChainedOptionsBuilder builder) {
        return shapes(builder, options.shapes().subList(0, 1));
    }

    private ChainedOptionsBuilder shapes(ChainedOptionsBuilder builder) {
        return shapes(builder, options.shapes());
    }

    private ChainedOptionsBuilder shapes(ChainedOptionsBuilder builder, List<Shape> shapes) {
        return builder.param("loss", loss().option())
                .param("shape", shapes.stream().map(Shape::toString).toArray(String[]::new));
    }

    private LossKind loss() {
        return options.losses().get(0);
    }

    private ChainedOptionsBuilder base(int warmups) {
        TimeValue time = TimeValue.milliseconds(options.pace().milliseconds());
        return new OptionsBuilder()
                .forks(0)
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .shouldFailOnError(true)
                .timeout(TimeValue.minutes(5))
                .param("dtype", options.dtypes().get(0).option())
                .warmupIterations(1)
                .warmupTime(
                        TimeValue.milliseconds((long) warmups * options.pace().milliseconds()))
                .measurementIterations(options.pace().iterations())
                .measurementTime(time);
    }

    private void run(ChainedOptionsBuilder builder) throws RunnerException {
        results.addAll(new Runner(builder.build()).run());
    }
}
