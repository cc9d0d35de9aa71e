/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static io.github.dl4jlosses.benchmarks.Contender.FIT_BUILT_IN;
import static io.github.dl4jlosses.benchmarks.Contender.FIT_FUSED;
import static io.github.dl4jlosses.benchmarks.Contender.ONE_PASS;
import static io.github.dl4jlosses.benchmarks.Contender.RESULT_ONLY;
import static io.github.dl4jlosses.benchmarks.Contender.TORCH_LOOP;
import static io.github.dl4jlosses.benchmarks.Contender.TWO_CALLS;

import io.github.dl4jlosses.benchmarks.BenchmarkResults.Row;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * How fast the library is meant to be.
 *
 * @param key its name in {@link MissReasons#FILE}
 * @param title what is compared
 * @param forms in which forms it is asked
 * @param rows of what
 * @param number the number that is asked for; NaN where it was not measured
 * @param bounds what is asked of it; {@link Bounds#NONE}: it is only told
 */
record Target(String key, String title, Forms forms, Predicate<Row> rows, ToDoubleFunction<Row> number, Bounds bounds) {
    /** In which forms a target is asked. */
    enum Forms {
        PLAIN,
        VECTOR_API,
        ALL;

        private boolean has(JvmForm form) {
            return this == ALL || form.hasVectorApi() == (this == VECTOR_API);
        }
    }

    /** From so many numbers on a loss is more than its call. */
    private static final long LARGE = 100_000;

    /** From so many on two threads pay. */
    private static final long LARGE_FOR_THREADS = 1_000_000;

    private static final double BYTES_PER_KB = 1024;
    private static final double NANOSECONDS_PER_US = 1e3;

    private static final Predicate<Row> FLOAT32 = row -> row.group().dtype() == Dtype.FLOAT32;
    private static final Predicate<Row> NETWORKS =
            FLOAT32.and(row -> row.group().part() == Part.NETWORKS);
    private static final Predicate<Row> LOSSES = FLOAT32.and(row -> row.group().part() == Part.LOSSES);
    private static final Predicate<Row> ALL = FLOAT32.and(row -> row.group().part() != Part.NETWORKS);

    /** All of them. */
    static List<Target> all() {
        return List.of(
                new Target(
                        "torch",
                        "torch's kernels / one pass, which is what `fit` asks with a fused layer",
                        Forms.PLAIN,
                        ALL,
                        Row::torchToOurs,
                        Bounds.atLeast(1, 1.3, 2)),
                new Target(
                        "torch-vector",
                        "torch's kernels / one pass with the Vector API, from 100,000 numbers on",
                        Forms.VECTOR_API,
                        ALL.and(row -> row.elements() >= LARGE),
                        Row::torchToOurs,
                        Bounds.atLeast(2, Double.NaN, 3.5)),
                new Target(
                        "torch-two-calls",
                        "torch's kernels / two calls, as `fit` asks with DL4J's own layers",
                        Forms.ALL,
                        LOSSES,
                        row -> row.ratio(TORCH_LOOP, TWO_CALLS),
                        Bounds.NONE),
                new Target(
                        "built-in",
                        "DL4J's own loss / ours, two calls each",
                        Forms.PLAIN,
                        LOSSES,
                        Row::builtInToOurs,
                        Bounds.atLeast(3, 5, 8)),
                new Target(
                        "built-in-vector",
                        "DL4J's own loss / ours with the Vector API, two calls each",
                        Forms.VECTOR_API,
                        LOSSES,
                        Row::builtInToOurs,
                        Bounds.atLeast(3, 5, 8)),
                new Target(
                        "fit",
                        "`fit`: DL4J's own / fused layer",
                        Forms.PLAIN,
                        NETWORKS,
                        row -> row.ratio(FIT_BUILT_IN, FIT_FUSED),
                        Bounds.atLeast(1)),
                new Target(
                        "fit-vocabulary",
                        "`fit`: DL4J's own / fused layer, 512 inputs x 50257 outputs",
                        Forms.PLAIN,
                        NETWORKS.and(row -> row.subject().equals(FitNetwork.VOCABULARY.option())),
                        row -> row.ratio(FIT_BUILT_IN, FIT_FUSED),
                        Bounds.atLeast(1.5)),
                copy("ce-4096", Forms.PLAIN, LossKind.CE_INDEX, "4096x1000", 6),
                copy("bce-4096", Forms.PLAIN, LossKind.BCE_LOGITS, "4096x1000", 8),
                copy("ce-50257", Forms.PLAIN, LossKind.CE_INDEX, "256x50257", 3.5),
                copy("ce-4096-vector", Forms.VECTOR_API, LossKind.CE_INDEX, "4096x1000", 3.5),
                copy("bce-4096-vector", Forms.VECTOR_API, LossKind.BCE_LOGITS, "4096x1000", 6),
                copy("ce-50257-vector", Forms.VECTOR_API, LossKind.CE_INDEX, "256x50257", 2),
                new Target(
                        "small-call",
                        "a whole call with 32x10 and class indices, above making the gradient's array",
                        Forms.PLAIN,
                        LOSSES.and(of(LossKind.CE_INDEX, "32x10")),
                        row -> (row.time(ONE_PASS) - row.time(RESULT_ONLY)) / NANOSECONDS_PER_US,
                        Bounds.atMost(2.5, " us")),
                new Target(
                        "garbage",
                        "garbage of a call",
                        Forms.PLAIN,
                        LOSSES.and(Row::isGarbageExact),
                        row -> row.garbage() / 2 / BYTES_PER_KB,
                        Bounds.atMost(1, " KB")),
                new Target(
                        "threads-large",
                        "one thread / two threads, from 1,000,000 numbers on",
                        Forms.PLAIN,
                        LOSSES.and(row -> row.elements() >= LARGE_FOR_THREADS),
                        row -> row.group().threads() == 2 ? row.speedUp() : Double.NaN,
                        Bounds.atLeast(1.7)),
                new Target(
                        "threads-small",
                        "one thread / two threads below",
                        Forms.PLAIN,
                        LOSSES.and(row -> row.elements() < LARGE_FOR_THREADS),
                        row -> row.group().threads() == 2 ? row.speedUp() : Double.NaN,
                        Bounds.atLeast(1)),
                new Target(
                        "jdk",
                        "the first JDK / a later one, one pass",
                        Forms.ALL,
                        LOSSES,
                        Row::speedUpFromBaseJdk,
                        Bounds.atLeast(1)),
                new Target(
                        "float64-torch",
                        "float64: torch's kernels / one pass",
                        Forms.PLAIN,
                        row -> row.group().dtype() == Dtype.FLOAT64
                                && row.group().part() != Part.NETWORKS,
                        Row::torchToOurs,
                        Bounds.atLeast(1)),
                new Target(
                        "float64-built-in",
                        "float64: DL4J's own loss / ours, two calls each",
                        Forms.PLAIN,
                        row -> row.group().dtype() == Dtype.FLOAT64
                                && row.group().part() == Part.LOSSES,
                        Row::builtInToOurs,
                        Bounds.atLeast(1)));
    }

    private static Target copy(String key, Forms forms, LossKind loss, String shape, double most) {
        return new Target(
                "copy-" + key,
                loss.title() + ", " + shape + ", 1 thread / a copy of the bytes"
                        + (key.endsWith("vector") ? ", with the Vector API" : ""),
                forms,
                LOSSES.and(of(loss, shape)).and(row -> row.group().threads() == 1),
                Row::oursToCopy,
                Bounds.atMost(most, ""));
    }

    private static Predicate<Row> of(LossKind loss, String shape) {
        return row -> row.group().loss() == loss && row.subject().equals(shape);
    }

    /** What came out in one form; empty numbers where nothing of it was measured. */
    TargetVerdict in(JvmForm form, BenchmarkResults results) {
        List<Row> measured = forms.has(form)
                ? results.rows(form).stream()
                        .filter(rows)
                        .filter(row -> !Double.isNaN(number.applyAsDouble(row)))
                        .toList()
                : List.of();
        return new TargetVerdict(this, form, measured);
    }
}
