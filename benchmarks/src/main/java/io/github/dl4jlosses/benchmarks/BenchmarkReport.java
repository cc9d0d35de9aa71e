/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
    private final Plan plan;
    private final List<Group> groups;
    private final RawResults raw;

    private BenchmarkReport(BenchmarkOptions options, List<String> args, PrintStream out) {
        this.options = options;
        this.args = args;
        this.out = out;
        this.plan = new Plan(options);
        this.groups = plan.groups();
        this.raw = new RawResults(options.raw());
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
        raw.begin(options.resume(), groups);
        List<Group> missing = new ArrayList<>();
        for (Group group : groups) {
            if (!raw.has(group, command(group))) {
                missing.add(group);
            }
        }
        RunProgress progress = new RunProgress(plan, missing, out);
        progress.begin(missing.size(), groups.size() - missing.size());
        for (Group group : missing) {
            measure(group, progress);
        }
        write();
    }

    private void write() throws IOException {
        BenchmarkResults results = new BenchmarkResults(
                raw.read(groups), options.base(), options.pace().milliseconds());
        Path images = folder().resolve("images");
        List<Path> pictures = BenchmarkPicture.write(results, options, images);
        BenchmarkPage page = new BenchmarkPage(results, options, args, raw.circumstances(groups), pictures);
        Files.writeString(options.out(), page.text());
        out.println("Written: " + options.out().toAbsolutePath().normalize());
        List<String> unexplained = page.targets().unexplained();
        if (!unexplained.isEmpty()) {
            out.println("Targets are missed, and " + MissReasons.FILE + " does not say why: " + unexplained
                    + ". Say it there, then write the page anew with --resume yes.");
        }
    }

    private Path folder() throws IOException {
        Path folder = options.out().toAbsolutePath().getParent();
        return Files.createDirectories(folder);
    }

    /** A JVM for each group: how many threads ND4J has is read from the environment when it starts. */
    private void measure(Group group, RunProgress progress) throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<String> command = command(group);
        Files.deleteIfExists(raw.json(group));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.put("OMP_NUM_THREADS", Integer.toString(group.threads()));
        environment.put("MKL_NUM_THREADS", Integer.toString(group.threads()));
        Path log = raw.log(group);
        Process process = builder.start();
        try (BufferedReader lines = process.inputReader();
                PrintWriter writer = new PrintWriter(Files.newBufferedWriter(log))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                writer.println(line);
                progress.follow(group, line);
            }
        } finally {
            process.destroy();
        }
        int status = process.waitFor();
        if (status != 0 || !Files.exists(raw.json(group))) {
            throw new IOException("The benchmarks of " + group.title() + " ended with status " + status + ", see " + log
                    + "; --resume yes goes on from here");
        }
        raw.keep(group, command, System.nanoTime() - start);
    }

    private List<String> command(Group group) {
        List<String> command = new ArrayList<>(List.of(
                group.form().jdk().home().resolve("bin").resolve("java").toString(),
                "-Xmx4g",
                "-Dorg.bytedeco.javacpp.maxBytes=8g",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=14g",
                "-Djmh.ignoreLock=true",
                "-Djava.awt.headless=true",
                group.form().argument(),
                "-Ddl4jlosses.threads=" + group.threads(),
                "-D" + TorchBenchmark.THREADS + "=" + group.threads(),
                "-cp",
                System.getProperty("java.class.path"),
                BenchmarkRun.class.getName(),
                raw.json(group).toString()));
        command.addAll(List.of("--dtype", group.dtype().option()));
        command.addAll(List.of("--iterations", Integer.toString(plan.pace(group).iterations())));
        command.addAll(
                List.of("--iteration-ms", Integer.toString(plan.pace(group).milliseconds())));
        String subjects = String.join(",", plan.subjects(group));
        boolean isLoss = group.part() == Part.LOSSES;
        command.addAll(List.of("--losses", isLoss ? group.loss().option() : "none"));
        if (isLoss) {
            command.addAll(List.of("--shapes", subjects));
            String contenders =
                    plan.contenders(group).stream().map(Contender::method).collect(Collectors.joining(","));
            command.addAll(List.of("--contenders", contenders));
        }
        command.addAll(List.of("--sequences", group.part() == Part.SEQUENCES ? subjects : "none"));
        command.addAll(List.of("--networks", group.part() == Part.NETWORKS ? subjects : "none"));
        return command;
    }
}
