/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** All measurements of a run, and what follows from them. */
record BenchmarkResults(List<BenchmarkMeasurement> measurements) {
    /** The part of torch's time that the call around the passes may have. */
    static final double LARGEST_CALL_AROUND = 0.2;

    BenchmarkResults {
        measurements = List.copyOf(measurements);
    }

    /** One loss and shape, sequences, or one network, in one dtype with one number of threads. */
    record Row(List<BenchmarkMeasurement> measurements, Group group, String subject) {
        Shape shape() {
            return Shape.parse(subject);
        }

        /** The time of a call in nanoseconds; of one pass for torch, in which no call from Java is counted; NaN for what there is not. */
        double time(Contender contender) {
            if (contender == Contender.BUILT_IN && !group.loss().hasBuiltIn()) {
                return Double.NaN;
            }
            return contender == Contender.TORCH_LOOP
                    ? torchPass()
                    : of(contender).nanoseconds();
        }

        /** NaN where what is subtracted is so large that its noise would be a part of the result. */
        private double torchPass() {
            BenchmarkMeasurement loop = of(Contender.TORCH_LOOP);
            double around = of(Contender.TORCH_EMPTY_LOOP).nanoseconds();
            return around <= LARGEST_CALL_AROUND * loop.nanoseconds()
                    ? (loop.nanoseconds() - around) / loop.passes()
                    : Double.NaN;
        }

        /** How many passes torch makes in a call. */
        long torchPasses() {
            return of(Contender.TORCH_LOOP).passes();
        }

        /** How many times the first one's time is the second one's; NaN where one of them was not measured. */
        double ratio(Contender slow, Contender fast) {
            return time(slow) / time(fast);
        }

        /** What the two calls of this library leave on the heap beside their result, in bytes. */
        double garbage() {
            // the result alone is measured once for all shapes
            BenchmarkMeasurement result =
                    of(group, Contender.RESULT_ONLY).findFirst().orElseThrow();
            return of(Contender.TWO_CALLS).bytes() - result.bytes();
        }

        /** How many times faster this library is than with one thread; NaN if that was not measured. */
        double speedUp() {
            Group alone = new Group(group.part(), group.loss(), group.dtype(), 1);
            Contender ours = group.part().ours();
            return of(alone, ours)
                    .filter(m -> m.subject().equals(subject))
                    .mapToDouble(m -> m.nanoseconds() / time(ours))
                    .findFirst()
                    .orElse(Double.NaN);
        }

        private BenchmarkMeasurement of(Contender contender) {
            return of(group, contender)
                    .filter(m -> m.subject().equals(subject))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            contender + " was not measured for " + subject + " of " + group.title()));
        }

        private Stream<BenchmarkMeasurement> of(Group which, Contender contender) {
            return measurements.stream().filter(m -> m.group().equals(which) && m.contender() == contender);
        }
    }

    /** The rows of the losses, by loss and size. */
    List<Row> losses(Dtype dtype, int threads) {
        return rows(Part.LOSSES, dtype, threads).stream()
                .sorted(Comparator.comparing((Row row) -> row.group().loss())
                        .thenComparing(row -> !row.shape().isPlain())
                        .thenComparing(row -> row.shape().elements()))
                .toList();
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
        return measurements.stream()
                .filter(m -> m.group().part() == part && m.contender() == part.ours())
                .filter(m -> m.group().dtype() == dtype && m.group().threads() == threads)
                .map(m -> new Row(measurements, m.group(), m.subject()))
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
