/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.digits;

import io.github.dl4jlosses.parity.report.ChartSheet;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Two charts, one above the other: the losses, and how far DL4J is from torch. */
final class DigitsPicture {
    private static final ChartSheet SHEET = new ChartSheet(1, 1200, 480);

    private final History history;
    private final double[] steps;

    /** The power of ten that is the bottom of the logarithmic axis, which has no zero. */
    private final int bottom;

    private DigitsPicture(History history) {
        this.history = history;
        this.steps = IntStream.rangeClosed(1, history.size()).asDoubleStream().toArray();
        this.bottom = (int) Math.round(Math.log10(history.bound())) - 5;
    }

    static void write(History history, Path file) throws IOException {
        DigitsPicture picture = new DigitsPicture(history);
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (OutputStream out = Files.newOutputStream(file)) {
            SHEET.write(List.of(picture.losses(), picture.differences()), out);
        }
    }

    private XYChart losses() {
        XYChart chart = chart("Loss of each batch, as torch's cross_entropy measures it", "loss");
        chart.getStyler().setYAxisMin(0.0);
        line(chart, "DL4J, LossMCXENT", history.each(Comparison::builtInLoss), ChartSheet.GREY, 1.5f);
        line(chart, "torch, cross_entropy", history.each(Comparison::torchLoss), ChartSheet.ORANGE, 6);
        line(chart, "DL4J, CrossEntropyLoss", history.each(Comparison::loss), ChartSheet.BLUE, 1.5f);
        return chart;
    }

    private XYChart differences() {
        XYChart chart = chart("Largest difference to torch, step by step", "difference");
        chart.getStyler().setYAxisMin((double) bottom).setYAxisMax(2.0).setYAxisTickMarkSpacingHint(40);
        chart.getStyler().setyAxisTickLabelsFormattingFunction(this::power);
        line(chart, "weights, LossMCXENT", powers(Comparison::builtInWeightDifference), ChartSheet.GREY, 1.5f);
        line(chart, "weights, CrossEntropyLoss", powers(Comparison::weightDifference), ChartSheet.BLUE, 1.5f);
        dots(chart, "gradients, CrossEntropyLoss", powers(Comparison::gradientDifference), ChartSheet.GREEN);
        dots(chart, "losses, CrossEntropyLoss", powers(Comparison::lossDifference), ChartSheet.PINK);
        bound(chart);
        return chart;
    }

    private void bound(XYChart chart) {
        double power = Math.log10(history.bound());
        XYSeries series =
                chart.addSeries("bound " + power(power), new double[] {0, history.size()}, new double[] {power, power});
        series.setMarker(SeriesMarkers.NONE).setLineColor(ChartSheet.RED).setLineStyle(ChartSheet.dashes(1.5f));
    }

    private String power(double exponent) {
        return (exponent == bottom ? "≤" : "") + "1e" + Math.round(exponent);
    }

    /** Logarithms to base 10, the smallest ones and that of zero at the bottom. */
    private double[] powers(ToDoubleFunction<Comparison> number) {
        return Arrays.stream(history.each(number))
                .map(value -> Math.max(Math.log10(value), bottom))
                .toArray();
    }

    private XYChart chart(String title, String axis) {
        XYChart chart = SHEET.chart(title, "step", axis);
        chart.getStyler()
                .setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13))
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 18))
                .setChartTitlePadding(10);
        chart.getStyler()
                .setXAxisMin(0.0)
                .setXAxisMax((double) history.size())
                .setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15))
                .setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13))
                .setMarkerSize(5);
        return chart;
    }

    private void line(XYChart chart, String name, double[] values, Color color, float width) {
        XYSeries series = ChartSheet.curve(chart, name, color, steps, values);
        series.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    }

    private void dots(XYChart chart, String name, double[] values, Color color) {
        XYSeries series = chart.addSeries(name, steps, values);
        series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color).setLineStyle(SeriesLines.NONE);
    }
}
