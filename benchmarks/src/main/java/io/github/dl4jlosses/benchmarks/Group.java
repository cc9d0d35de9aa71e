/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What one JVM measures, one contender after the other: a loss, which is null for the other parts, or a whole part. */
record Group(Part part, LossKind loss, Dtype dtype, int threads) {

    static Group of(LossKind loss, Dtype dtype, int threads) {
        return new Group(Part.LOSSES, loss, dtype, threads);
    }

    static Group of(Part part, Dtype dtype, int threads) {
        return new Group(part, null, dtype, threads);
    }

    /** All of a run, those of one dtype and number of threads together. */
    static List<Group> of(BenchmarkOptions options) {
        List<Group> groups = new ArrayList<>();
        for (int threads : options.threads()) {
            for (Dtype dtype : options.dtypes()) {
                options.losses().forEach(loss -> groups.add(of(loss, dtype, threads)));
                groups.add(of(Part.SEQUENCES, dtype, threads));
                groups.add(of(Part.NETWORKS, dtype, threads));
            }
        }
        groups.removeIf(group -> group.subjects(options).isEmpty());
        return groups;
    }

    /** What the group measures of what was asked for. */
    List<String> subjects(BenchmarkOptions options) {
        return switch (part) {
            case LOSSES ->
                options.shapes().stream()
                        .filter(loss::takes)
                        .map(Shape::toString)
                        .toList();
            case SEQUENCES ->
                options.sequences().stream().map(Sequences::toString).toList();
            case NETWORKS -> options.networks().stream().map(FitNetwork::option).toList();
        };
    }

    /** How many measurements the group makes. */
    int measurements(BenchmarkOptions options) {
        int subjects = subjects(options).size();
        return switch (part) {
            // the result's memory only once
            case LOSSES -> subjects * (Contender.of(loss).size() - 1) + 1;
            case SEQUENCES -> subjects * Contender.OF_SEQUENCES.size();
            case NETWORKS ->
                subjects * Contender.OF_NETWORKS.size() * options.pace().rounds();
        };
    }

    /** What the rows of the report call it. */
    String subject() {
        return switch (part) {
            case LOSSES -> loss.title();
            case SEQUENCES -> "CTC";
            case NETWORKS -> "fit";
        };
    }

    String title() {
        return name() + ", " + dtype.option() + ", " + threads + (threads == 1 ? " thread" : " threads");
    }

    /** The name of its files. */
    String fileName() {
        return name() + "-" + dtype.option() + "-" + threads;
    }

    private String name() {
        return part == Part.LOSSES ? loss.option() : part.name().toLowerCase(Locale.ROOT);
    }
}
