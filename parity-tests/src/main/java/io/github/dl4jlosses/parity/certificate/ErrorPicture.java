/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.exact.AccuracyGroup;
import io.github.dl4jlosses.parity.report.RowChart;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The largest errors, ours beside torch's: a row for each name, a panel for each type. */
final class ErrorPicture {
    static final String READING =
            "blue: dl4j-losses; orange: torch; in ulp of the exact result; beyond 1e9 the axis ends";

    private static final List<TorchType> TYPES = List.of(TorchType.FLOAT32, TorchType.FLOAT64);
    private static final double LEAST = .1;

    /** What is beyond has lost all its digits. */
    private static final double MOST = 1e9;

    private ErrorPicture() {}

    /** Of the losses, or of their families. */
    static String svg(String title, List<AccuracyGroup> groups) {
        RowChart chart = new RowChart(title, READING);
        TYPES.forEach(type -> chart.panel(CellText.of(type), LEAST, MOST));
        Map<String, double[]> rows = new LinkedHashMap<>();
        for (AccuracyGroup group : groups) {
            double[] row = rows.computeIfAbsent(group.name(), name -> empty());
            // ours of a loss, torch's, ours of a gradient, torch's
            List<Double> largest = group.largest();
            int ours = 2 * TYPES.indexOf(group.type());
            row[ours] = Math.max(largest.get(0), largest.get(2));
            row[ours + 1] = Math.max(largest.get(1), largest.get(3));
        }
        rows.forEach((name, row) -> chart.pairs(name, "", row));
        return chart.svg();
    }

    private static double[] empty() {
        double[] row = new double[2 * TYPES.size()];
        Arrays.fill(row, Double.NaN);
        return row;
    }
}
