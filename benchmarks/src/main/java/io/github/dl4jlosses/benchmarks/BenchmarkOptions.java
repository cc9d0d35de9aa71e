/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The command line of {@link BenchmarkReport}.
 *
 * @param losses what is measured
 * @param shapes over which shapes
 * @param dtypes in which dtypes
 * @param threads with how many threads
 * @param networks whose iterations of training are measured
 * @param pace how long
 * @param out the page to write; pictures with its name go into {@code images} beside it
 * @param raw the folder of JMH's own results
 */
record BenchmarkOptions(
        List<LossKind> losses,
        List<Shape> shapes,
        List<Dtype> dtypes,
        List<Integer> threads,
        List<String> networks,
        Pace pace,
        Path out,
        Path raw) {
    static final String USAGE = """
            options: --losses A,B      %s
                     --shapes A,B      examples x classes x positions: 32x10, 32x50x100, 4x21x128x128, ..
                     --dtype A,B       float32, float64
                     --threads A,B     1, 2
                     --networks A,B    mlp, lstm, none
                     --iterations N    measured iterations of each contender (5)
                     --iteration-ms N  how long one of them is (60)
                     --out FILE        the page to write (docs/BENCHMARKS.md); pictures with its name go into images beside it
                     --raw FOLDER      where JMH's own results go (benchmarks/target/jmh)
                     --quick           first on the line: tiny shapes, a short iteration, and nothing outside of target
            """.formatted(String.join(
            ", ", Arrays.stream(LossKind.values()).map(LossKind::option).toList()));

    private static final List<String> NETWORKS = List.of("mlp", "lstm");
    private static final Path TARGET = Path.of("benchmarks", "target");

    private static final BenchmarkOptions FULL = new BenchmarkOptions(
            List.of(LossKind.values()),
            Stream.of("32x10", "128x1000", "4096x1000", "256x50257", "32x50x100", "4x21x128x128")
                    .map(Shape::parse)
                    .toList(),
            List.of(Dtype.values()),
            List.of(1, 2),
            NETWORKS,
            new Pace(5, 60),
            Path.of("docs", "BENCHMARKS.md"),
            TARGET.resolve("jmh"));

    private static final BenchmarkOptions QUICK = new BenchmarkOptions(
            FULL.losses,
            Stream.of("8x5", "2x3x4").map(Shape::parse).toList(),
            List.of(Dtype.FLOAT32),
            List.of(1),
            List.of("mlp"),
            new Pace(1, 10),
            TARGET.resolve("quick").resolve("BENCHMARKS.md"),
            TARGET.resolve("quick").resolve("jmh"));

    /** Throws an IllegalArgumentException that says which option is wrong. */
    static BenchmarkOptions parse(String... args) {
        boolean quick = args.length > 0 && args[0].equals("--quick");
        BenchmarkOptions options = quick ? QUICK : FULL;
        for (int i = quick ? 1 : 0; i < args.length; i += 2) {
            if (i + 1 == args.length || args[i + 1].startsWith("--")) {
                throw new IllegalArgumentException(args[i] + " is no option, or lacks its value");
            }
            options = options.with(args[i], args[i + 1]);
        }
        return options;
    }

    private BenchmarkOptions with(String name, String value) {
        return switch (name) {
            case "--losses" ->
                new BenchmarkOptions(list(value, LossKind::parse), shapes, dtypes, threads, networks, pace, out, raw);
            case "--shapes" ->
                new BenchmarkOptions(losses, list(value, Shape::parse), dtypes, threads, networks, pace, out, raw);
            case "--dtype" ->
                new BenchmarkOptions(losses, shapes, list(value, Dtype::parse), threads, networks, pace, out, raw);
            case "--threads" ->
                new BenchmarkOptions(
                        losses, shapes, dtypes, list(value, v -> number(name, v)), networks, pace, out, raw);
            case "--networks" -> new BenchmarkOptions(losses, shapes, dtypes, threads, networks(value), pace, out, raw);
            case "--iterations" ->
                new BenchmarkOptions(
                        losses,
                        shapes,
                        dtypes,
                        threads,
                        networks,
                        new Pace(number(name, value), pace.milliseconds()),
                        out,
                        raw);
            case "--iteration-ms" ->
                new BenchmarkOptions(
                        losses,
                        shapes,
                        dtypes,
                        threads,
                        networks,
                        new Pace(pace.iterations(), number(name, value)),
                        out,
                        raw);
            case "--out" -> new BenchmarkOptions(losses, shapes, dtypes, threads, networks, pace, Path.of(value), raw);
            case "--raw" -> new BenchmarkOptions(losses, shapes, dtypes, threads, networks, pace, out, Path.of(value));
            default -> throw new IllegalArgumentException("unknown option '" + name + "'");
        };
    }

    private static <T> List<T> list(String text, Function<String, T> parse) {
        return Arrays.stream(text.split(",", -1)).map(parse).distinct().toList();
    }

    private static List<String> networks(String text) {
        if (text.equals("none")) {
            return List.of();
        }
        return list(text, name -> {
            if (!NETWORKS.contains(name)) {
                throw new IllegalArgumentException("A network is one of " + NETWORKS + " or none, got '" + name + "'");
            }
            return name;
        });
    }

    private static int number(String name, String text) {
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException(name + " needs whole numbers from 1 to 999999, got '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    /**
     * How long one contender is measured at least; a single call may take longer.
     *
     * @param iterations how many times are measured
     * @param milliseconds over how long each
     */
    record Pace(int iterations, int milliseconds) {}
}
