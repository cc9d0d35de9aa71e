/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
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
        List<Jdk> jdks,
        List<Boolean> vector,
        List<Contender> contenders,
        boolean resume,
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
                     --jdks A,B        folders of JDKs that are measured beside the one of this program; none
                     --vector A,B      no, yes: whether JVMs have --add-modules jdk.incubator.vector (both)
                     --contenders A,B  of the losses, some of %s
                     --resume yes|no   whether what an interrupted run with the same options has measured is kept (no);
                                       after a whole run this writes the page anew, without a measurement
                     --out FILE        the page to write (docs/BENCHMARKS.md); pictures with its name go into images beside it
                     --raw FOLDER      where JMH's own results go (benchmarks/target/jmh)
                     --quick           tiny shapes, a short iteration, this JDK alone, and nothing outside of target
            """.formatted(
            String.join(
                    ", ", Arrays.stream(LossKind.values()).map(LossKind::option).toList()),
            String.join(", ", FitNetwork.options()),
            Arrays.stream(Contender.values()).limit(9).map(Contender::method).collect(Collectors.joining(", ")));

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
            List.of(Jdk.running()),
            List.of(false, true),
            List.of(Contender.values()),
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
            FULL.jdks,
            List.of(false),
            FULL.contenders,
            false,
            TARGET.resolve("quick").resolve("BENCHMARKS.md"),
            TARGET.resolve("quick").resolve("jmh"));

    /** Throws an IllegalArgumentException that says which option is wrong. */
    static BenchmarkOptions parse(String... args) {
        List<String> words = new ArrayList<>(List.of(args));
        boolean quick = words.remove("--quick");
        Map<String, String> given = new LinkedHashMap<>();
        for (int i = 0; i < words.size(); i += 2) {
            if (i + 1 == words.size() || words.get(i + 1).startsWith("--")) {
                throw new IllegalArgumentException(words.get(i) + " is no option, or lacks its value");
            }
            given.put(words.get(i), words.get(i + 1));
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
                taken(given, "--jdks", this::withJdks, jdks),
                taken(given, "--vector", text -> list(text, one -> yesOrNo("--vector", one)), vector),
                taken(given, "--contenders", text -> list(text, Contender::of), contenders),
                taken(given, "--resume", text -> yesOrNo("--resume", text), resume),
                taken(given, "--out", Path::of, out),
                taken(given, "--raw", Path::of, raw));
        if (!given.isEmpty()) {
            throw new IllegalArgumentException("unknown options " + given.keySet());
        }
        return options;
    }

    /** The same on these. */
    BenchmarkOptions with(List<Jdk> otherJdks) {
        return new BenchmarkOptions(
                losses,
                shapes,
                dtypes,
                threads,
                sequences,
                networks,
                pace,
                otherJdks,
                vector,
                contenders,
                resume,
                out,
                raw);
    }

    /** What is measured, what is measured in full first. */
    List<JvmForm> forms() {
        return jdks.stream()
                .flatMap(jdk -> vector.stream().map(hasVectorApi -> new JvmForm(jdk, hasVectorApi)))
                .toList();
    }

    /** The form that everything is measured in. */
    JvmForm base() {
        return forms().get(0);
    }

    private List<Jdk> withJdks(String text) {
        List<Jdk> all =
                Stream.concat(jdks.stream(), listOrNone(text, Jdk::in).stream()).toList();
        if (all.stream().map(Jdk::version).distinct().count() < all.size()) {
            throw new IllegalArgumentException("--jdks needs other versions than that of this program, "
                    + jdks.get(0).version() + ", each once; got '" + text + "'");
        }
        return all;
    }

    private static boolean yesOrNo(String name, String text) {
        if (!text.equals("yes") && !text.equals("no")) {
            throw new IllegalArgumentException(name + " is yes or no, not '" + text + "'");
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
        private static final int ENOUGH = 3;

        /** For what is of less interest. */
        Pace shorter() {
            return new Pace(Math.min(ENOUGH, iterations), milliseconds);
        }

        /** How many times the contenders of a network take turns, for one iteration each. */
        int rounds() {
            return 3 * iterations;
        }
    }
}
