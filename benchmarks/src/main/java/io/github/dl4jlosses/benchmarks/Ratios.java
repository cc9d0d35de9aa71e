/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.benchmarks.BenchmarkResults.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rows that have a number, above 1 where this library is ahead, and what can be said of all. */
record Ratios(List<Row> rows, ToDoubleFunction<Row> number) {
    static Ratios of(Stream<Row> rows, ToDoubleFunction<Row> number) {
        return new Ratios(
                rows.filter(row -> !Double.isNaN(number.applyAsDouble(row))).toList(), number);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The rows below 1, the worst first. */
    Ratios behind() {
        return new Ratios(
                rows.stream()
                        .filter(row -> number.applyAsDouble(row) < 1)
                        .sorted(Comparator.comparingDouble(number))
                        .toList(),
                number);
    }

    /** The geometric mean. */
    String mean() {
        return MarkdownTable.plainRatio(BenchmarkResults.geometricMean(rows, number));
    }

    /** From the smallest to the largest. */
    String range() {
        double[] numbers = rows.stream().mapToDouble(number).sorted().toArray();
        return MarkdownTable.plainRatio(numbers[0]) + " to " + MarkdownTable.plainRatio(numbers[numbers.length - 1]);
    }

    /** In how many rows this library is behind, and where most. */
    String behindInWords() {
        List<Row> behind = behind().rows;
        return behind.isEmpty()
                ? "ahead in all " + rows.size() + " rows"
                : "behind in " + behind.size() + " of " + rows.size() + " rows, most with " + named(behind.get(0));
    }

    /** The first ones. */
    String named(int most) {
        return rows.stream().limit(most).map(this::named).collect(Collectors.joining("; "));
    }

    private String named(Row row) {
        return BenchmarkPage.name(row) + " (" + MarkdownTable.plainRatio(number.applyAsDouble(row)) + ")";
    }

    /** A line for each loss with its shapes, by dtype and threads. */
    List<String> lines() {
        Map<String, Map<String, List<String>>> bySubject = new LinkedHashMap<>();
        for (Row row : rows) {
            Group group = row.group();
            bySubject
                    .computeIfAbsent(group.subject(), subject -> new LinkedHashMap<>())
                    .computeIfAbsent(BenchmarkPage.setting(row), setting -> new ArrayList<>())
                    .add(row.subject() + " " + MarkdownTable.plainRatio(number.applyAsDouble(row)));
        }
        return bySubject.entrySet().stream()
                .map(subject -> "* " + subject.getKey() + ": "
                        + subject.getValue().entrySet().stream()
                                .map(setting -> setting.getKey() + ": " + String.join(", ", setting.getValue()))
                                .collect(Collectors.joining("; ")))
                .toList();
    }
}
