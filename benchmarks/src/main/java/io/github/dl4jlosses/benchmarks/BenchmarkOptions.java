/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** The command line of {@link BenchmarkReport}; {@link #USAGE} says what the options are. */
record BenchmarkOptions(
        List<LossKind> losses,
        List<Shape> shapes,
        List<Dtype> dtypes,
        List<Integer> threads,
        List<Sequences> sequences,
        List<FitNetwork> networks,
        Pace pace,
        boolean vector,
        Path out,
        Path raw) {
    static final String USAGE = """
            options: --losses A,B      none, or some of %s
                     --shapes A,B      examples x classes x positions: 32x10, 32x50x100, 4x21x128x128, ..;
                                       with an f behind: a pre-output in order 'f', column by column
                     --dtype A,B       float32, float64
                     --threads A,B     1, 2
                     --sequences A,B   of CTC, steps x sequences x classes x label length: 50x32x40x10, ..; none
                     --networks A,B    none, or some of %s
                     --iterations N    measured iterations of each contender (5)
                     --iteration-ms N  how long one of them is (60)
                     --vector yes|no   whether the JVMs have --add-modules jdk.incubator.vector (no)
                     --out FILE        the page to write (docs/BENCHMARKS.md); pictures with its name go into images beside it
                     --raw FOLDER      where JMH's own results go (benchmarks/target/jmh)
                     --quick           first on the line: tiny shapes, a short iteration, and nothing outside of target
            """.formatted(
            String.join(
                    ", ", Arrays.stream(LossKind.values()).map(LossKind::option).toList()),
            String.join(", ", FitNetwork.options()));

    private static final Path TARGET = Path.of("benchmarks", "target");

    private static final BenchmarkOptions FULL = new BenchmarkOptions(
            List.of(LossKind.values()),
            Stream.of("32x10", "128x1000", "4096x1000", "4096x1000f", "256x50257", "32x50x100", "4x21x128x128")
                    .map(Shape::parse)
                    .toList(),
            List.of(Dtype.values()),
            List.of(1, 2),
            Stream.of("50x32x40x10", "200x16x100x40", "100x32x1000x20")
                    .map(Sequences::parse)
                    .toList(),
            List.of(FitNetwork.values()),
            new Pace(5, 60),
            false,
            Path.of("docs", "BENCHMARKS.md"),
            TARGET.resolve("jmh"));

    private static final BenchmarkOptions QUICK = new BenchmarkOptions(
            FULL.losses,
            Stream.of("8x5", "2x3x4").map(Shape::parse).toList(),
            List.of(Dtype.FLOAT32),
            List.of(1),
            List.of(Sequences.parse("8x3x5x2")),
            List.of(FitNetwork.MLP),
            new Pace(1, 10),
            false,
            TARGET.resolve("quick").resolve("BENCHMARKS.md"),
            TARGET.resolve("quick").resolve("jmh"));

    /** Throws an IllegalArgumentException that says which option is wrong. */
    static BenchmarkOptions parse(String... args) {
        boolean quick = args.length > 0 && args[0].equals("--quick");
        Map<String, String> given = new LinkedHashMap<>();
        for (int i = quick ? 1 : 0; i < args.length; i += 2) {
            if (i + 1 == args.length || args[i + 1].startsWith("--")) {
                throw new IllegalArgumentException(args[i] + " is no option, or lacks its value");
            }
            given.put(args[i], args[i + 1]);
        }
        return (quick ? QUICK : FULL).with(given);
    }

    private BenchmarkOptions with(Map<String, String> given) {
        BenchmarkOptions options = new BenchmarkOptions(
                taken(given, "--losses", text -> listOrNone(text, LossKind::parse), losses),
                taken(given, "--shapes", text -> list(text, Shape::parse), shapes),
                taken(given, "--dtype", text -> list(text, Dtype::parse), dtypes),
                taken(given, "--threads", text -> list(text, one -> number("--threads", one)), threads),
                taken(given, "--sequences", text -> listOrNone(text, Sequences::parse), sequences),
                taken(given, "--networks", text -> listOrNone(text, FitNetwork::parse), networks),
                new Pace(
                        taken(given, "--iterations", text -> number("--iterations", text), pace.iterations()),
                        taken(given, "--iteration-ms", text -> number("--iteration-ms", text), pace.milliseconds())),
                taken(given, "--vector", BenchmarkOptions::yesOrNo, vector),
                taken(given, "--out", Path::of, out),
                taken(given, "--raw", Path::of, raw));
        if (!given.isEmpty()) {
            throw new IllegalArgumentException("unknown options " + given.keySet());
        }
        return options;
    }

    private static boolean yesOrNo(String text) {
        if (!text.equals("yes") && !text.equals("no")) {
            throw new IllegalArgumentException("--vector is yes or no, not " + text);
        }
        return text.equals("yes");
    }

    private static <T> T taken(Map<String, String> given, String name, Function<String, T> parse, T otherwise) {
        String text = given.remove(name);
        return text == null ? otherwise : parse.apply(text);
    }

    private static <T> List<T> list(String text, Function<String, T> parse) {
        return Arrays.stream(text.split(",", -1)).map(parse).distinct().toList();
    }

    private static <T> List<T> listOrNone(String text, Function<String, T> parse) {
        return text.equals("none") ? List.of() : list(text, parse);
    }

    private static int number(String name, String text) {
        if (!text.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException(name + " needs whole numbers from 1 to 999999, got '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    /**
     * How long one contender is measured at least, so many times over so many milliseconds; a single call may take longer.
     */
    record Pace(int iterations, int milliseconds) {
        /** How many times the contenders of a network take turns, for one iteration each. */
        int rounds() {
            return 3 * iterations;
        }
    }
}
