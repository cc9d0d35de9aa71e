/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures everything and writes the page with the results.
 *
 * <pre>{@code
 * mvn -Pbenchmarks -pl benchmarks -am process-classes -Dbenchmarks.args="--quick"
 * }</pre>
 */
public final class BenchmarkReport {
    private final BenchmarkOptions options;
    private final List<String> args;
    private final PrintStream out;
    private final long start = System.nanoTime();
    private final String load = BenchmarkPage.loadAverage();
    private final int all;
    private int done;
    private Contender contender;

    private BenchmarkReport(BenchmarkOptions options, List<String> args, PrintStream out) {
        this.options = options;
        this.args = args;
        this.out = out;
        this.all = Group.of(options).stream()
                .mapToInt(group -> group.measurements(options))
                .sum();
    }

    /** Runs the benchmarks; a wrong option prints which there are. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int status = run(args, System.out);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** The status that the program ends with. */
    static int run(String[] args, PrintStream out) throws IOException, InterruptedException {
        BenchmarkOptions options;
        try {
            options = BenchmarkOptions.parse(args);
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage());
            out.println(BenchmarkOptions.USAGE);
            return 2;
        }
        new BenchmarkReport(options, List.of(args), out).measure();
        return 0;
    }

    private void measure() throws IOException, InterruptedException {
        Files.createDirectories(options.raw());
        List<BenchmarkMeasurement> measurements = new ArrayList<>();
        for (Group group : Group.of(options)) {
            Path results = options.raw().resolve(group.fileName() + ".json");
            Files.deleteIfExists(results);
            measure(group, results);
            measurements.addAll(BenchmarkMeasurement.read(group, results));
        }
        BenchmarkResults results = new BenchmarkResults(measurements);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        List<Path> pictures = BenchmarkPicture.write(results, options, folder().resolve("images"));
        Files.writeString(options.out(), new BenchmarkPage(results, options, args, took, load).text(pictures));
        out.println("Written: " + options.out().toAbsolutePath().normalize());
    }

    private Path folder() throws IOException {
        Path folder = options.out().toAbsolutePath().getParent();
        return Files.createDirectories(folder);
    }

    /** A JVM for each group: how many threads ND4J has is read from the environment when it starts. */
    private void measure(Group group, Path results) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command(group, results)).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.put("OMP_NUM_THREADS", Integer.toString(group.threads()));
        environment.put("MKL_NUM_THREADS", Integer.toString(group.threads()));
        Path log = options.raw().resolve(group.fileName() + ".log");
        Process process = builder.start();
        try (BufferedReader lines = process.inputReader();
                PrintWriter writer = new PrintWriter(Files.newBufferedWriter(log))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                writer.println(line);
                follow(group, line);
            }
        } finally {
            process.destroy();
        }
        int status = process.waitFor();
        if (status != 0 || !Files.exists(results)) {
            throw new IOException(
                    "The benchmarks of " + group.title() + " ended with status " + status + ", see " + log);
        }
    }

    private List<String> command(Group group, Path results) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx4g",
                "-Dorg.bytedeco.javacpp.maxBytes=8g",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=14g",
                "-Djmh.ignoreLock=true",
                "-Djava.awt.headless=true",
                options.vector() ? "--add-modules=jdk.incubator.vector" : "-Ddl4jlosses.vector=off",
                "-Ddl4jlosses.threads=" + group.threads(),
                "-D" + TorchBenchmark.THREADS + "=" + group.threads(),
                "-cp",
                System.getProperty("java.class.path"),
                BenchmarkRun.class.getName(),
                results.toString()));
        command.addAll(List.of("--dtype", group.dtype().option()));
        command.addAll(List.of("--iterations", Integer.toString(options.pace().iterations())));
        command.addAll(List.of("--iteration-ms", Integer.toString(options.pace().milliseconds())));
        String subjects = String.join(",", group.subjects(options));
        boolean isLoss = group.part() == Part.LOSSES;
        command.addAll(List.of("--losses", isLoss ? group.loss().option() : "none"));
        if (isLoss) {
            command.addAll(List.of("--shapes", subjects));
        }
        command.addAll(List.of("--sequences", group.part() == Part.SEQUENCES ? subjects : "none"));
        command.addAll(List.of("--networks", group.part() == Part.NETWORKS ? subjects : "none"));
        return command;
    }

    /** Says what is being measured, and how long the rest may take if it goes on like this. */
    private void follow(Group group, String line) {
        if (line.startsWith("# Benchmark: ")) {
            contender = Contender.of(line.strip());
        } else if (line.startsWith("# Parameters: ")) {
            String rest = "";
            if (done > 0) {
                long seconds = (long) ((System.nanoTime() - start) / 1e9 / done * (all - done));
                rest = String.format(", about %d:%02d left", seconds / 60, seconds % 60);
            }
            done++;
            String subject = line.replaceAll(".*(network|sequences|shape) = ([a-z0-9]+).*", "$2");
            out.println(String.format(
                    "%4d of %d%s: %s, %s, %s", done, all, rest, group.title(), subject, contender.title()));
        }
    }
}
