/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the first page says of the generated pages of evidence, in their own numbers. */
final class Evidence {
    private static final String CERTIFICATE = "docs/PARITY.md";
    private static final String BENCHMARKS = "docs/BENCHMARKS.md";

    /** The repository's root, of a program that Maven runs there or of a test in its module. */
    private static final Path ROOT = Files.exists(Path.of(CERTIFICATE)) ? Path.of("") : Path.of("..");

    private static final Pattern HOLDS = Pattern.compile("\\*\\*It holds: all (\\d+) cases of the grid equal torch, "
            + "all (\\d+) series of errors are within the rule, "
            + "and the comparison notices each of the (\\d+) deliberate faults\\.\\*\\*");

    private Evidence() {}

    /** The verdict of the certificate. */
    static List<String> proof() {
        Matcher verdict = HOLDS.matcher(text(CERTIFICATE));
        if (!verdict.find()) {
            throw new IllegalStateException(CERTIFICATE + " does not say that it holds");
        }
        return List.of(
                "In all %s cases of the [certificate](%s), value and gradient equal those of the real torch kernels, to rounding."
                        .formatted(grouped(verdict.group(1)), CERTIFICATE),
                "In all %s series of random numbers, the errors against exact results stay within [a stated limit](%s#is-every-family-no-further-from-the-exact-result-than-torch)."
                        .formatted(grouped(verdict.group(2)), CERTIFICATE),
                "%s errors put in on purpose were all noticed.".formatted(verdict.group(3)));
    }

    /** With a comma behind the thousands. */
    private static String grouped(String digits) {
        return String.format(Locale.ROOT, "%,d", Integer.valueOf(digits));
    }

    /** Means over all losses and shapes for each dtype and number of threads, in how many rows torch is ahead, and fit. */
    static List<String> speed() {
        List<Map<String, String>> rows = rows();
        List<Map<String, String>> means =
                rows.stream().filter(row -> row.containsValue("geometric mean")).toList();
        List<String> lines = new ArrayList<>();
        lines.add(
                "DL4J's built-ins need %s times our time for the two calls that `fit` makes. Torch needs %s times our time"
                        .formatted(range(means, "built-in / two calls"), range(means, "torch / ours")));
        lines.add(
                "for loss and gradient in one pass, as with our fused layer (geometric means for each dtype and number of threads).");
        lines.add("Torch is faster in %s, CTC included; against our two calls it is in %s. A whole iteration of"
                .formatted(behind(rows, "torch / ours"), behind(rows, "torch / two calls")));
        boolean isFused = rows.stream().anyMatch(row -> row.containsKey("built-in / fused"));
        lines.add("`fit` with a built-in takes %s times as long as with ours%s: [benchmarks](%s).%s"
                .formatted(
                        range(rows, "built-in / ours"),
                        isFused
                                ? ", and %s times as long as with our\nfused layer"
                                        .formatted(range(rows, "built-in / fused"))
                                : "",
                        BENCHMARKS,
                        isSlower(rows) ? " Below 1 the built-in is faster." : ""));
        return lines;
    }

    /** In how many of the rows that were measured. */
    private static String behind(List<Map<String, String>> rows, String column) {
        List<String> ratios = rows.stream()
                .filter(row -> !row.containsValue("geometric mean") && !row.containsValue("smallest"))
                .map(row -> row.getOrDefault(column, "-"))
                .filter(ratio -> !ratio.equals("-"))
                .toList();
        return "%d of %d rows"
                .formatted(ratios.stream().filter(Evidence::isBold).count(), ratios.size());
    }

    private static boolean isSlower(List<Map<String, String>> rows) {
        return rows.stream()
                .anyMatch(row -> isBold(row.getOrDefault("built-in / ours", ""))
                        || isBold(row.getOrDefault("built-in / fused", "")));
    }

    /** The rows of all tables, each by the names of its columns. */
    private static List<Map<String, String>> rows() {
        List<Map<String, String>> rows = new ArrayList<>();
        List<String> header = List.of();
        for (String line : text(BENCHMARKS).lines().toList()) {
            List<String> cells = Arrays.stream(line.split("\\|", -1))
                    .map(String::strip)
                    .skip(1)
                    .toList();
            if (!line.startsWith("|")) {
                header = List.of();
            } else if (header.isEmpty()) {
                header = cells;
            } else {
                Map<String, String> row = new HashMap<>();
                for (int column = 0; column < cells.size(); column++) {
                    row.put(header.get(column), cells.get(column));
                }
                rows.add(row);
            }
        }
        rows.removeIf(row -> row.containsValue("---"));
        return rows;
    }

    /** What is below 1 is bold there. */
    private static boolean isBold(String number) {
        return number.startsWith("**");
    }

    private static String range(List<Map<String, String>> rows, String column) {
        DoubleSummaryStatistics numbers = rows.stream()
                .filter(row -> row.containsKey(column))
                .mapToDouble(row -> Double.parseDouble(row.get(column).replace("**", "")))
                .summaryStatistics();
        if (numbers.getCount() == 0) {
            throw new IllegalStateException(BENCHMARKS + " has no " + column);
        }
        return String.format(Locale.ROOT, "%.1f to %.1f", numbers.getMin(), numbers.getMax());
    }

    private static String text(String page) {
        try {
            return Files.readString(ROOT.resolve(page));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
