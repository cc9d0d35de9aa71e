/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.mutation;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes docs/mutation.md; {@code .ci/mutation} calls it. */
final class MutationPage {
    private static final int LEAST_PERCENT = 90;

    private final List<Mutant> mutants;
    /** The classes that were run again after the whole, with later tests. */
    private final Set<String> again;

    private final Explanations explanations;
    private final List<String> sources;
    private final List<String> packages;

    /**
     * @param runs all mutants of the library or of a part of it, then those of classes that were run again
     * @param sources the folders that the run was of, with git's names of their content: {@code folder state}
     * @param packages of the library; those without a mutant are said to be left out
     */
    MutationPage(List<List<Mutant>> runs, Explanations explanations, List<String> sources, List<String> packages) {
        this.mutants = Mutant.merge(runs);
        this.again = runs.stream()
                .skip(1)
                .flatMap(List::stream)
                .map(Mutant::className)
                .collect(Collectors.toCollection(TreeSet::new));
        this.explanations = explanations;
        this.sources = sources;
        this.packages = packages;
    }

    /**
     * Writes the page, and ends with 1 where it has something to complain of.
     *
     * @param args a folder with the runs, each a mutations.xml under a name that sorts it, and the states of the sources; the
     *     explanations, the library's sources, the page
     */
    public static void main(String[] args) throws IOException {
        Path runs = Path.of(args[0]);
        MutationPage page = new MutationPage(
                runs(runs),
                new Explanations(Files.readAllLines(Path.of(args[1]))),
                Files.readAllLines(runs.resolve("sources")),
                packages(Path.of(args[2])));
        Files.writeString(Path.of(args[3]), page.text());
        System.out.println(page.summary());
        List<String> complaints = page.complaints();
        complaints.forEach(System.out::println);
        if (!complaints.isEmpty()) {
            System.exit(1);
        }
    }

    private static List<List<Mutant>> runs(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".xml"))
                    .sorted()
                    .toList();
        }
        List<List<Mutant>> runs = new ArrayList<>();
        for (Path file : files) {
            runs.add(Mutant.read(file));
        }
        return runs;
    }

    /** What a release may not have. A run of some classes says nothing of what explains the survivors of others. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        if (count(mutants, Mutant::isKilled) * 100 < mutants.size() * (long) LEAST_PERCENT) {
            complaints.add("fewer than " + LEAST_PERCENT + " % are killed");
        }
        explanations.groups(survivors()).stream()
                .filter(group -> group.heading() == null)
                .flatMap(group -> group.mutants().stream())
                .forEach(mutant -> complaints.add("not explained: " + mutant.className() + " " + mutant.method()
                        + ", line " + mutant.line() + ": " + mutant.description()));
        Set<String> classes = mutants.stream().map(Mutant::className).collect(Collectors.toSet());
        explanations.outdated(survivors()).stream()
                .filter(line -> leftOut().isEmpty() || classes.contains(line.split(" ", 2)[0]))
                .forEach(line -> complaints.add("outdated: " + line));
        return complaints;
    }

    /** The packages that have a class below a folder of sources. */
    private static List<String> packages(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                    .map(file -> folder.relativize(file.getParent()).toString().replace(File.separatorChar, '.'))
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    private List<Mutant> survivors() {
        return mutants.stream().filter(mutant -> !mutant.isKilled()).toList();
    }

    private String summary() {
        long killed = count(mutants, Mutant::isKilled);
        return String.format(
                Locale.ROOT,
                "%d of %d mutants are killed, %s.",
                killed,
                mutants.size(),
                percent(killed, mutants.size()));
    }

    /** Rounded down: 89.99 % are no 90 %. */
    private static String percent(long part, long all) {
        return all == 0 ? "-" : String.format(Locale.ROOT, "%d.%d %%", part * 100 / all, part * 1000 / all % 10);
    }

    String text() {
        List<String> lines = new ArrayList<>(List.of(
                "# Mutation testing",
                "",
                "**" + summary() + "**",
                "",
                "A mutant is the library with one deliberate mistake. It is killed when a fast test fails.",
                "",
                "What this means for you: when somebody breaks a line of the library, a fast test notices in about that share of the cases;",
                "a release has at least " + LEAST_PERCENT
                        + " %. The tables of [survivors](#survivors) list every mistake that no fast test notices, and say why",
                "it may stay. The proofs against torch, which every build runs too, are not counted here.",
                "",
                "[PIT](https://pitest.org) makes the mutants in the compiled library, one at a time, and runs the tests that reach the changed",
                "place. This command repeats it:",
                "",
                "```",
                "bash .ci/mutation",
                "```",
                "",
                "It runs PIT on `dl4j-losses` and writes this page. The mutators are PIT's `DEFAULTS`. The tests are those of `dl4j-losses`",
                "without the tag `slow`. A mutant that makes a test run more than three times as long and ten seconds longer counts as",
                "killed (timed out).",
                ""));
        for (String source : sources) {
            String[] words = source.split(" ", 2);
            lines.add((words[0].endsWith("/main") ? "Sources" : "Tests") + ": `" + words[0] + "` as of `" + words[1]
                    + "`.");
            lines.add("");
        }
        if (!again.isEmpty()) {
            lines.add("Run again since, with later tests: `" + String.join("`, `", again) + "`.");
            lines.add("");
        }
        lines.addAll(List.of(
                "| package | mutants | killed | of them timed out | survived | reached by no test | killed |",
                "| --- | --: | --: | --: | --: | --: | --: |"));
        new TreeMap<>(mutants.stream().collect(Collectors.groupingBy(Mutant::packageName)))
                .forEach((name, ofPackage) -> lines.add(row("`" + name + "`", ofPackage)));
        lines.add(row("all", mutants));
        addLeftOut(lines);
        lines.addAll(List.of("", "## Survivors", ""));
        for (Explanations.Group group : explanations.groups(survivors())) {
            if (!group.mutants().isEmpty()) {
                addGroup(lines, group);
            }
        }
        return String.join("\n", lines).stripTrailing() + "\n";
    }

    /** A run of some packages must not pass for one of all. */
    private void addLeftOut(List<String> lines) {
        if (!leftOut().isEmpty()) {
            lines.add("");
            lines.add(
                    "**This run left out** `" + String.join("`, `", leftOut()) + "`. The figure says nothing of them.");
        }
    }

    private List<String> leftOut() {
        Set<String> seen = mutants.stream().map(Mutant::packageName).collect(Collectors.toSet());
        return packages.stream().filter(name -> !seen.contains(name)).toList();
    }

    private static String row(String name, List<Mutant> of) {
        long killed = count(of, Mutant::isKilled);
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %d | %d | %d | %s |",
                name,
                of.size(),
                killed,
                count(of, Mutant::isTimedOut),
                count(of, mutant -> !mutant.isKilled() && mutant.isCovered()),
                count(of, mutant -> !mutant.isCovered()),
                percent(killed, of.size()));
    }

    private static long count(List<Mutant> mutants, Predicate<Mutant> which) {
        return mutants.stream().filter(which).count();
    }

    private static void addGroup(List<String> lines, Explanations.Group group) {
        lines.add("### " + (group.heading() == null ? "Not explained" : group.heading()) + " ("
                + group.mutants().size() + ")");
        lines.add("");
        if (!group.reason().isEmpty()) {
            lines.add(group.reason());
            lines.add("");
        }
        lines.addAll(List.of("| class | method | line | change |", "| --- | --- | --: | --- |"));
        for (Mutant mutant : group.mutants()) {
            lines.add("| `" + mutant.className() + "` | `" + mutant.method() + "` | " + mutant.line() + " | "
                    + mutant.description() + (mutant.isCovered() ? "" : " (reached by no test)") + " |");
        }
        lines.add("");
    }
}
