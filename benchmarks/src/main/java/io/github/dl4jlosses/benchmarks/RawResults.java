/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder with JMH's results, a file for each group; beside it the command that measured it, and how long that took, once it has
 * ended well. So an interrupted run can be gone on with.
 */
record RawResults(Path folder) {
    /** Removes what earlier runs have left, unless it is wanted, and says when and on what machine this one began. */
    void begin(boolean resume, List<Group> groups) throws IOException {
        Files.createDirectories(folder);
        if (resume && Files.exists(start())) {
            return;
        }
        for (Group group : groups) {
            Files.deleteIfExists(command(group));
        }
        Files.write(
                start(),
                List.of(
                        LocalDate.now(ZoneOffset.UTC).toString(),
                        BenchmarkPage.machine(),
                        BenchmarkPage.loadAverage()));
    }

    /** Whether this command has measured the group. */
    boolean has(Group group, List<String> command) throws IOException {
        return Files.exists(command(group))
                && Files.exists(json(group))
                && lines(group).subList(1, lines(group).size()).equals(command);
    }

    /** This command has measured the group. */
    void keep(Group group, List<String> command, long nanoseconds) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(Long.toString(nanoseconds));
        lines.addAll(command);
        Files.write(command(group), lines);
    }

    List<BenchmarkMeasurement> read(List<Group> groups) throws IOException {
        List<BenchmarkMeasurement> all = new ArrayList<>();
        for (Group group : groups) {
            all.addAll(BenchmarkMeasurement.read(group, json(group)));
        }
        return all;
    }

    BenchmarkPage.Circumstances circumstances(List<Group> groups) throws IOException {
        long nanoseconds = 0;
        for (Group group : groups) {
            nanoseconds += Long.parseLong(lines(group).get(0));
        }
        List<String> lines = Files.readAllLines(start());
        return new BenchmarkPage.Circumstances(lines.get(0), lines.get(1), lines.get(2), nanoseconds);
    }

    Path json(Group group) {
        return folder.resolve(group.fileName() + ".json");
    }

    Path log(Group group) {
        return folder.resolve(group.fileName() + ".log");
    }

    private Path command(Group group) {
        return folder.resolve(group.fileName() + ".command");
    }

    private Path start() {
        return folder.resolve("start.txt");
    }

    private List<String> lines(Group group) throws IOException {
        return Files.readAllLines(command(group));
    }
}
