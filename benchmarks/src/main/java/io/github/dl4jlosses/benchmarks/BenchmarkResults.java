/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** All measurements of a run, and what follows from them. */
final class BenchmarkResults {
    /** The part of torch's time that the call around the passes may have. */
    static final double LARGEST_CALL_AROUND = 0.2;

    private static final double MANY_CALLS = 100;

    private static final Comparator<Row> BY_LOSS = Comparator.comparing(
                    (Row row) -> row.group().loss())
            .thenComparing(row -> !row.shape().isPlain())
            .thenComparing(row -> row.shape().elements());

    private final Map<Key, BenchmarkMeasurement> measurements = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private final JvmForm base;
    private final int milliseconds;

    /**
     * Those of a run.
     *
     * @param base the form in which everything is measured
     * @param milliseconds of an iteration
     */
    BenchmarkResults(List<BenchmarkMeasurement> all, JvmForm base, int milliseconds) {
        this.base = base;
        this.milliseconds = milliseconds;
        for (BenchmarkMeasurement measurement : all) {
            Group group = measurement.group();
            boolean isOfAll = measurement.contender() == Contender.RESULT_ONLY;
            measurements.put(
                    new Key(group, measurement.contender(), isOfAll ? "" : measurement.subject()), measurement);
            if (measurement.contender() == group.part().ours()) {
                rows.add(new Row(this, group, measurement.subject()));
            }
        }
    }

    private record Key(Group group, Contender contender, String subject) {}

    /** One loss and shape, sequences, or one network, in one form and dtype with one number of threads. */
    record Row(BenchmarkResults results, Group group, String subject) {
        Shape shape() {
            return Shape.parse(subject);
        }

        /** How many numbers a loss or sequences have. */
        long elements() {
            return group.part() == Part.SEQUENCES ? Sequences.parse(subject).elements() : shape().elements();
        }

        /** The time of a call in nanoseconds; of one pass for torch, in which no call from Java is counted; NaN for what there is not. */
        double time(Contender contender) {
            return contender == Contender.TORCH_LOOP ? torchPass() : nanoseconds(contender);
        }

        /** NaN where what is subtracted is so large that its noise would be a part of the result. */
        private double torchPass() {
            double loop = nanoseconds(Contender.TORCH_LOOP);
            double around = nanoseconds(Contender.TORCH_EMPTY_LOOP);
            return around <= LARGEST_CALL_AROUND * loop ? (loop - around) / torchPasses() : Double.NaN;
        }

        /** How many passes torch makes in a call. */
        long torchPasses() {
            return results.measurements
                    .get(new Key(group, Contender.TORCH_LOOP, subject))
                    .passes();
        }

        /** How many times the first one's time is the second one's; NaN where one of them was not measured. */
        double ratio(Contender slow, Contender fast) {
            return time(slow) / time(fast);
        }

        /** How many times the time of this library torch takes for the same. */
        double torchToOurs() {
            return ratio(Contender.TORCH_LOOP, group.part().ours());
        }

        /** How many times the time of this library DL4J's own loss takes, as DL4J calls a loss. */
        double builtInToOurs() {
            Row measured = new Row(results, group.in(results.base), subject);
            return measured.time(Contender.BUILT_IN) / time(Contender.TWO_CALLS);
        }

        /** How many times the copy's time ours is; a copy has one thread, and is no matter of the JVM. */
        double oursToCopy() {
            return time(Contender.ONE_PASS) / copy();
        }

        /** The time of a copy of the bytes. */
        double copy() {
            Group measured = group.in(results.base);
            return IntStream.concat(IntStream.of(group.threads()), IntStream.range(1, group.threads()))
                    .mapToDouble(threads -> new Row(results, measured.with(threads), subject).time(Contender.COPY))
                    .filter(time -> !Double.isNaN(time))
                    .findFirst()
                    .orElse(Double.NaN);
        }

        /** What the two calls of this library leave on the heap beside their result, in bytes. */
        double garbage() {
            return bytes(Contender.TWO_CALLS, subject) - bytes(Contender.RESULT_ONLY, "");
        }

        /** Whether an iteration has so many calls that what JMH allocates in it does not count. */
        boolean isGarbageExact() {
            return results.milliseconds * 1e6 / time(Contender.TWO_CALLS) >= MANY_CALLS;
        }

        private double bytes(Contender contender, String of) {
            BenchmarkMeasurement measurement = results.measurements.get(new Key(group, contender, of));
            return measurement == null ? Double.NaN : measurement.bytes();
        }

        /** How many times faster this library is than with one thread; NaN if that was not measured. */
        double speedUp() {
            return group.threads() == 1 ? Double.NaN : against(group.with(1));
        }

        /** How many times faster this library is than without the Vector API; NaN if that was not measured. */
        double speedUpByVectorApi() {
            JvmForm form = group.form();
            return form.hasVectorApi() ? against(group.in(new JvmForm(form.jdk(), false))) : Double.NaN;
        }

        /** How many times faster this library is than on the first JDK; NaN if that was not measured. */
        double speedUpFromBaseJdk() {
            JvmForm form = group.form();
            JvmForm other = new JvmForm(results.base.jdk(), form.hasVectorApi());
            return form.equals(other) ? Double.NaN : against(group.in(other));
        }

        private double against(Group other) {
            Contender ours = group.part().ours();
            return new Row(results, other, subject).time(ours) / time(ours);
        }

        /** The same with a pre-output in ND4J's order 'c'. */
        Row inRows() {
            return new Row(results, group, shape().inRows().toString());
        }

        /** The same in another form. */
        Row in(JvmForm other) {
            return new Row(results, group.in(other), subject);
        }

        private double nanoseconds(Contender contender) {
            String of = contender == Contender.RESULT_ONLY ? "" : subject;
            BenchmarkMeasurement measurement = results.measurements.get(new Key(group, contender, of));
            return measurement == null ? Double.NaN : measurement.nanoseconds();
        }
    }

    /** The form in which everything is measured. */
    JvmForm base() {
        return base;
    }

    /** All of a form. */
    List<Row> rows(JvmForm form) {
        return rows.stream().filter(row -> row.group().form().equals(form)).toList();
    }

    /** The rows of the losses in a form, by loss and size. */
    List<Row> losses(JvmForm form) {
        return rows(form).stream()
                .filter(row -> row.group().part() == Part.LOSSES)
                .sorted(BY_LOSS)
                .toList();
    }

    /** The rows of the losses, by loss and size. */
    List<Row> losses(Dtype dtype, int threads) {
        return rows(Part.LOSSES, dtype, threads).stream().sorted(BY_LOSS).toList();
    }

    /** The rows of the networks. */
    List<Row> networks(Dtype dtype, int threads) {
        return rows(Part.NETWORKS, dtype, threads);
    }

    /** The rows of the sequences. */
    List<Row> sequences(Dtype dtype, int threads) {
        return rows(Part.SEQUENCES, dtype, threads);
    }

    private List<Row> rows(Part part, Dtype dtype, int threads) {
        return rows(base).stream()
                .filter(row -> row.group().part() == part)
                .filter(row -> row.group().dtype() == dtype && row.group().threads() == threads)
                .toList();
    }

    /** Over the rows that have the ratio. */
    static double geometricMean(List<Row> rows, ToDoubleFunction<Row> ratio) {
        return Math.exp(ratios(rows, ratio).map(Math::log).average().orElse(Double.NaN));
    }

    /** Among the rows that have the ratio. */
    static double smallest(List<Row> rows, ToDoubleFunction<Row> ratio) {
        return ratios(rows, ratio).min().orElse(Double.NaN);
    }

    private static DoubleStream ratios(List<Row> rows, ToDoubleFunction<Row> ratio) {
        return rows.stream().mapToDouble(ratio).filter(value -> !Double.isNaN(value));
    }
}
