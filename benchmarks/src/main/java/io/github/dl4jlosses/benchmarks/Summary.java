/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static io.github.dl4jlosses.benchmarks.Contender.FIT_BUILT_IN;
import static io.github.dl4jlosses.benchmarks.Contender.FIT_FUSED;
import static io.github.dl4jlosses.benchmarks.Contender.FIT_OURS;
import static io.github.dl4jlosses.benchmarks.Contender.ONE_PASS;
import static io.github.dl4jlosses.benchmarks.Contender.TORCH_LOOP;
import static io.github.dl4jlosses.benchmarks.Contender.TWO_CALLS;

import io.github.dl4jlosses.benchmarks.BenchmarkResults.Row;
import io.github.dl4jlosses.parity.report.Markdown;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What the numbers mean for a user, and where this library is behind. */
record Summary(BenchmarkResults results, List<JvmForm> forms) {
    private static final int WORST = 3;
    private static final double BYTES_PER_KB = 1024;
    private static final String MEMORY_TEST =
            "mvn test -pl dl4j-losses -am -Dtest=FusedMemoryTest -Dsurefire.failIfNoSpecifiedTests=false -Dparity.full=true";

    void write(Markdown text) {
        text.heading("## In short");
        Stream.of(
                        swapped(),
                        fused(),
                        builtIn(),
                        torchOnePass(),
                        torchTwoCalls(),
                        float64(),
                        vectorApi(),
                        laterJdks(),
                        columns(),
                        memory())
                .filter(line -> !line.isEmpty())
                .forEach(line -> text.line("* " + line));
    }

    private String swapped() {
        Ratios fit = base(Part.NETWORKS, row -> true, row -> row.ratio(FIT_BUILT_IN, FIT_OURS));
        return fit.isEmpty()
                ? ""
                : "**A swap of the loss alone makes `fit` %s times as fast** as with DL4J's own loss (mean %s): %s."
                        .formatted(fit.range(), fit.mean(), fit.behindInWords());
    }

    private String fused() {
        Ratios fit = base(Part.NETWORKS, row -> true, row -> row.ratio(FIT_BUILT_IN, FIT_FUSED));
        return fit.isEmpty()
                ? ""
                : "**With `LossSwap.fuse` on top, `fit` is %s times as fast** (mean %s): %s."
                        .formatted(fit.range(), fit.mean(), fit.behindInWords());
    }

    private String builtIn() {
        Ratios ratios = base(Part.LOSSES, isOf(Dtype.FLOAT32), Row::builtInToOurs);
        return ratios.isEmpty()
                ? ""
                : "**The loss alone, as `fit` calls it: DL4J's own takes %s times our time** (mean, float32): %s."
                        .formatted(ratios.mean(), ratios.behindInWords());
    }

    private String torchOnePass() {
        Ratios ratios = base(Part.LOSSES, isOf(Dtype.FLOAT32), Row::torchToOurs);
        return ratios.isEmpty()
                ? ""
                : "**One pass, as with a fused layer: torch's kernels take %s times our time** (mean, float32): %s."
                        .formatted(ratios.mean(), ratios.behindInWords());
    }

    private String torchTwoCalls() {
        Ratios ratios = base(Part.LOSSES, isOf(Dtype.FLOAT32), row -> row.ratio(TORCH_LOOP, TWO_CALLS));
        return ratios.isEmpty()
                ? ""
                : "**Gradient and score by two calls, as with DL4J's own layers: torch's kernels take %s times our time** (mean, float32): %s."
                        .formatted(ratios.mean(), ratios.behindInWords());
    }

    private String float64() {
        Ratios torch = base(Part.LOSSES, isOf(Dtype.FLOAT64), Row::torchToOurs);
        Ratios builtIn = base(Part.LOSSES, isOf(Dtype.FLOAT64), Row::builtInToOurs);
        return torch.isEmpty() || builtIn.isEmpty()
                ? ""
                : "**In float64 torch's kernels take %s times our time** (mean, one pass): %s. DL4J's own takes %s times (mean, two calls): %s."
                        .formatted(torch.mean(), torch.behindInWords(), builtIn.mean(), builtIn.behindInWords());
    }

    private String vectorApi() {
        List<Row> rows = rows(JvmForm::hasVectorApi);
        Ratios gain = Ratios.of(rows.stream(), Row::speedUpByVectorApi);
        Ratios torch = Ratios.of(rows.stream(), Row::torchToOurs);
        return gain.isEmpty() || torch.isEmpty()
                ? ""
                : "**With `--add-modules jdk.incubator.vector` a pass is %s times as fast as without** (mean %s). torch's kernels then take %s times our time (mean, one pass, float32): %s."
                        .formatted(gain.range(), gain.mean(), torch.mean(), torch.behindInWords());
    }

    private String laterJdks() {
        List<String> titles = forms.stream()
                .filter(form -> !form.jdk().equals(results.base().jdk()))
                .map(form -> form.jdk().title())
                .distinct()
                .toList();
        Ratios gain = Ratios.of(rows(form -> true).stream(), Row::speedUpFromBaseJdk);
        return gain.isEmpty()
                ? ""
                : "**On %s a pass is %s times as fast as on %s** (mean %s): %s."
                        .formatted(
                                String.join(", ", titles),
                                gain.range(),
                                results.base().jdk().title(),
                                gain.mean(),
                                gain.behindInWords());
    }

    private String columns() {
        Ratios ours = base(
                Part.LOSSES,
                row -> row.shape().isInColumns(),
                row -> row.time(ONE_PASS) / row.inRows().time(ONE_PASS));
        Ratios torch = base(Part.LOSSES, row -> row.shape().isInColumns(), Row::torchToOurs);
        return ours.isEmpty() || torch.isEmpty()
                ? ""
                : "**A pre-output in order 'f', column by column, costs %s times what one in 'c' costs** (mean %s). torch's kernels, which get it in 'c', take %s times our time then (mean): %s."
                        .formatted(ours.range(), ours.mean(), torch.mean(), torch.behindInWords());
    }

    private String memory() {
        Ratios kilobytes = base(Part.LOSSES, Row::isGarbageExact, row -> row.garbage() / 2 / BYTES_PER_KB);
        return kilobytes.isEmpty()
                ? ""
                : "**A call leaves %s KB of garbage** beside its result. What `fit` needs beside parameters for 4096 examples, 512 inputs and 50,257 outputs, `%s` measures: a fused layer at most a quarter of DL4J's."
                        .formatted(kilobytes.range(), MEMORY_TEST);
    }

    /** How many rows are behind in each comparison, and the worst of them. */
    void writeBehind(Markdown text) {
        text.heading("## Where this library is behind")
                .line(
                        comparisons().allMatch(one -> one.ratios.behind().isEmpty())
                                ? "Nowhere in this run."
                                : "A ratio below 1 is behind. [All such rows](#all-rows-that-are-behind) are listed below.")
                .line("")
                .head("comparison", "rows", "behind", "the worst");
        comparisons().forEach(comparison -> {
            Ratios behind = comparison.ratios.behind();
            text.row(
                    comparison.title,
                    Integer.toString(comparison.ratios.rows().size()),
                    Integer.toString(behind.rows().size()),
                    behind.isEmpty() ? "-" : behind.named(WORST));
        });
        long unknown = rows(form -> true).stream()
                .filter(row -> row.group().part() == Part.LOSSES && Double.isNaN(row.time(TORCH_LOOP)))
                .count();
        if (unknown > 0) {
            text.line("").line("Torch's time is not known in " + unknown + " rows, see [below](#how-to-read-this).");
        }
    }

    /** The rows themselves. */
    void writeAllBehind(Markdown text) {
        String title = "## All rows that are behind";
        for (Comparison comparison :
                comparisons().filter(one -> !one.ratios.behind().isEmpty()).toList()) {
            if (!title.isEmpty()) {
                text.line("").line(title);
                title = "";
            }
            text.line("").line(comparison.title + ":").line("");
            // by loss, as the tables are
            Stream<Row> behind = comparison.ratios.rows().stream().filter(row -> isBehind(comparison, row));
            new Ratios(behind.toList(), comparison.ratios.number()).lines().forEach(text::line);
        }
    }

    private static boolean isBehind(Comparison comparison, Row row) {
        return comparison.ratios.number().applyAsDouble(row) < 1;
    }

    private record Comparison(String title, Ratios ratios) {}

    private Stream<Comparison> comparisons() {
        Stream<Comparison> ofBase = Stream.of(
                new Comparison("torch / one pass", base(Part.LOSSES, row -> true, Row::torchToOurs)),
                new Comparison(
                        "torch / two calls, as `fit` asks with DL4J's layers",
                        base(Part.LOSSES, row -> true, row -> row.ratio(TORCH_LOOP, TWO_CALLS))),
                new Comparison("DL4J's own / ours, two calls each", base(Part.LOSSES, row -> true, Row::builtInToOurs)),
                new Comparison(
                        "`fit`: DL4J's own / ours",
                        base(Part.NETWORKS, row -> true, row -> row.ratio(FIT_BUILT_IN, FIT_OURS))),
                new Comparison(
                        "`fit`: DL4J's own / fused layer",
                        base(Part.NETWORKS, row -> true, row -> row.ratio(FIT_BUILT_IN, FIT_FUSED))),
                new Comparison("CTC: torch / ours", base(Part.SEQUENCES, row -> true, Row::torchToOurs)),
                new Comparison("one thread / several", base(Part.LOSSES, row -> true, Row::speedUp)));
        Stream<Comparison> ofOthers = forms.stream()
                .filter(form -> !form.equals(results.base()))
                .flatMap(form -> Stream.of(
                        new Comparison(
                                form.title() + ": torch / one pass",
                                Ratios.of(results.rows(form).stream(), Row::torchToOurs)),
                        new Comparison(
                                form.title() + ": torch / two calls",
                                Ratios.of(results.rows(form).stream(), row -> row.ratio(TORCH_LOOP, TWO_CALLS))),
                        new Comparison(
                                form.title() + ": without the Vector API / with it",
                                Ratios.of(results.rows(form).stream(), Row::speedUpByVectorApi)),
                        new Comparison(
                                form.title() + ": the same on "
                                        + results.base().jdk().title() + " / on this",
                                Ratios.of(results.rows(form).stream(), Row::speedUpFromBaseJdk))));
        return Stream.concat(ofBase, ofOthers).filter(comparison -> !comparison.ratios.isEmpty());
    }

    private List<Row> rows(Predicate<JvmForm> which) {
        return forms.stream()
                .filter(which)
                .flatMap(form -> results.rows(form).stream())
                .toList();
    }

    private Ratios base(Part part, Predicate<Row> which, ToDoubleFunction<Row> number) {
        return Ratios.of(
                results.rows(results.base()).stream()
                        .filter(row -> row.group().part() == part)
                        .filter(which),
                number);
    }

    private static Predicate<Row> isOf(Dtype dtype) {
        return row -> row.group().dtype() == dtype;
    }
}
