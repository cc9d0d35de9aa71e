/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pictures;

import io.github.dl4jlosses.parity.report.ChartSheet;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.lines.SeriesLines;

/**
 * Curves of one axis: a chart of the losses and one of their gradients.
 *
 * @param title what is drawn
 * @param axis what the axis means
 * @param variable what the gradient is by
 * @param clips where the built-in begins to clip its probabilities: above 0 to the right, below 0 to the left
 * @param curves at least one
 */
record LossPanel(String title, String axis, String variable, List<Double> clips, List<LossCurve> curves) {
    private static final List<Color> COLORS = List.of(ChartSheet.BLUE, ChartSheet.GREEN, ChartSheet.PINK);

    /** Torch's marks, from left to right. */
    private static final int MARKS = 24;

    /** Curves over a logit, or over what moves it. */
    LossPanel(String title, String axis, List<Double> clips, List<LossCurve> curves) {
        this(title, axis, "the logit", clips, curves);
    }

    XYChart losses(ChartSheet sheet) {
        return chart(sheet.chart(title, axis, "loss"), LossCurve.Point::value);
    }

    XYChart gradients(ChartSheet sheet) {
        return chart(sheet.chart("its gradient", axis, "gradient by " + variable), LossCurve.Point::slope);
    }

    private XYChart chart(XYChart chart, ToDoubleFunction<LossCurve.Point> number) {
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < curves.size(); i++) {
            LossCurve curve = curves.get(i);
            if (!curve.builtIn().isEmpty()) {
                curve(chart, "DL4J's built-in", ChartSheet.GREY, curve.builtIn(), number)
                        .setLineStyle(new BasicStroke(4));
            }
            curve(chart, curve.name(), COLORS.get(i), curve.ours(), number);
            marks(chart, i == 0 ? "torch" : " ".repeat(i), curve.torch(), number);
            for (LossCurve.Point point : curve.ours()) {
                lowest = Math.min(lowest, number.applyAsDouble(point));
                highest = Math.max(highest, number.applyAsDouble(point));
            }
        }
        for (double clip : clips) {
            ChartSheet.curve(
                            chart,
                            "DL4J clips" + (clip == clips.get(0) ? "" : " too"),
                            ChartSheet.RED,
                            new double[] {clip, clip},
                            new double[] {lowest, highest})
                    .setLineStyle(ChartSheet.dashes(1))
                    .setShowInLegend(clip == clips.get(0));
        }
        return chart;
    }

    private static XYSeries curve(
            XYChart chart,
            String name,
            Color color,
            List<LossCurve.Point> points,
            ToDoubleFunction<LossCurve.Point> number) {
        return ChartSheet.curve(chart, name, color, numbers(points, LossCurve.Point::place), numbers(points, number));
    }

    private static void marks(
            XYChart chart, String name, List<LossCurve.Point> points, ToDoubleFunction<LossCurve.Point> number) {
        int every = Math.max(1, points.size() / MARKS);
        List<LossCurve.Point> marked = IntStream.range(0, points.size())
                .filter(i -> i % every == 0)
                .mapToObj(points::get)
                .toList();
        double[] places = numbers(marked, LossCurve.Point::place);
        ChartSheet.line(chart, name, ChartSheet.ORANGE, places, numbers(marked, number))
                .setLineStyle(SeriesLines.NONE)
                .setShowInLegend(!name.isBlank());
    }

    private static double[] numbers(List<LossCurve.Point> points, ToDoubleFunction<LossCurve.Point> number) {
        return points.stream().mapToDouble(number).toArray();
    }

    /** For the names of tests. */
    @Override
    public String toString() {
        return title;
    }
}
