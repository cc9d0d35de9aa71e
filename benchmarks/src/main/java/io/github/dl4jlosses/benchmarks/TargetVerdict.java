/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.benchmarks.BenchmarkResults.Row;
import java.util.Comparator;
import java.util.List;

/** Whether a target holds in a form, and in which rows it does not. */
record TargetVerdict(Target target, JvmForm form, List<Row> rows) {
    private static final double TENTH = .1;

    boolean isMeasured() {
        return !rows.isEmpty();
    }

    /** Whether anything is asked at all. */
    boolean isAsked() {
        return !Double.isNaN(target.bounds().every());
    }

    Row worst() {
        Comparator<Row> bySize = Comparator.comparingDouble(target.number());
        return rows.stream()
                .min(target.bounds().areMost() ? bySize.reversed() : bySize)
                .orElseThrow();
    }

    double worstNumber() {
        return target.number().applyAsDouble(worst());
    }

    /** Nine in ten rows are as good as this. */
    double nineInTen() {
        double[] sorted = target.bounds()
                .sorted(rows.stream().mapToDouble(target.number()).toArray());
        return sorted[(int) (sorted.length * TENTH)];
    }

    double mean() {
        return BenchmarkResults.geometricMean(rows, target.number());
    }

    boolean holds() {
        Bounds bounds = target.bounds();
        return bounds.holds(worstNumber(), bounds.every())
                && bounds.holds(nineInTen(), bounds.nineInTen())
                && bounds.holds(mean(), bounds.mean());
    }

    /** The rows that are not as each has to be. */
    List<Row> missing() {
        return missing(target.bounds().every());
    }

    /** The rows that are not as nine in ten have to be. */
    List<Row> missingOfNineInTen() {
        return missing(target.bounds().nineInTen());
    }

    private List<Row> missing(double bound) {
        return rows.stream()
                .filter(row -> !target.bounds().holds(target.number().applyAsDouble(row), bound))
                .toList();
    }
}
