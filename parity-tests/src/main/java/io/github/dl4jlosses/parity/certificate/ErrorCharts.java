/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.exact.AccuracyGroup;
import io.github.dl4jlosses.parity.exact.AccuracySeries;
import io.github.dl4jlosses.parity.exact.Errors;
import io.github.dl4jlosses.parity.report.ChartSheet;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How errors are distributed: which share of the results is further from the exact one than so many ulp. */
final class ErrorCharts {
    private static final ChartSheet SHEET = new ChartSheet(2, 600, 380);
    private static final double LEAST = 1e-2;
    /** Where the charts end; what is beyond has lost all its digits. */
    private static final double MOST = 1e9;

    private static final int STEPS_PER_DECADE = 20;
    private static final float[] DASHES = {4, 4};

    private ErrorCharts() {}

    /** A row of charts for each name, one for each type, as PNG. */
    static void write(List<AccuracyGroup> groups, OutputStream out) throws IOException {
        List<String> names = groups.stream().map(AccuracyGroup::name).distinct().toList();
        List<XYChart> charts = groups.stream()
                .sorted(Comparator.comparing((AccuracyGroup group) -> names.indexOf(group.name())))
                .map(ErrorCharts::chart)
                .toList();
        SHEET.write(charts, out);
    }

    private static XYChart chart(AccuracyGroup group) {
        XYChart chart = SHEET.logarithmicChart(
                group.name() + ", " + CellText.of(group.type()),
                "error in ulp of the exact result",
                "share of results beyond");
        line(chart, "torch's losses", ChartSheet.ORANGE, false, group.errors(AccuracySeries::torch, false));
        line(chart, "torch's gradients", ChartSheet.ORANGE, true, group.errors(AccuracySeries::torch, true));
        line(chart, "our losses", ChartSheet.BLUE, false, group.errors(AccuracySeries::ours, false));
        line(chart, "our gradients", ChartSheet.BLUE, true, group.errors(AccuracySeries::ours, true));
        chart.getStyler().setXAxisMin(LEAST).setYAxisMax(1.0);
        return chart;
    }

    private static void line(XYChart chart, String name, Color color, boolean dashed, Errors errors) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        double[] sorted = errors.sorted();
        double largest = errors.largest();
        if (largest <= LEAST) {
            return; // nothing is as far as the chart begins
        }
        double end = Math.min(largest, MOST);
        for (int step = 0; step < STEPS_PER_DECADE * Math.log10(end / LEAST); step++) {
            double error = LEAST * Math.pow(10, (double) step / STEPS_PER_DECADE);
            x.add(error);
            y.add(share(sorted, error));
        }
        x.add(end);
        y.add(largest > MOST ? share(sorted, MOST) : 1.0 / sorted.length);
        XYSeries series = ChartSheet.line(chart, name, color, doubles(x), doubles(y));
        series.setMarker(SeriesMarkers.NONE);
        if (dashed) {
            series.setLineStyle(new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, DASHES, 0));
        }
    }

    /** The share of the numbers above a bound. */
    private static double share(double[] sorted, double error) {
        int at = Arrays.binarySearch(sorted, error);
        int from = at < 0 ? -at - 1 : at;
        while (from < sorted.length && sorted[from] <= error) {
            from++;
        }
        return (double) (sorted.length - from) / sorted.length;
    }

    private static double[] doubles(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
