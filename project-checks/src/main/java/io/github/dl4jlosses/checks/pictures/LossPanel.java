/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pictures;

import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import io.github.dl4jlosses.parity.report.Svg;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

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
    private static final List<Ink> INKS = List.of(Ink.OURS, Ink.GREEN, Ink.PINK);

    /** Torch's marks, from left to right. */
    private static final int MARKS = 24;

    private static final double BROAD = 5;

    Chart losses() {
        return chart(new Chart(title, axis, "loss"), LossCurve.Point::value, true);
    }

    /** With the lines of the losses, which have their labels there. */
    Chart gradients() {
        return chart(new Chart("its gradient", axis, "gradient by " + variable), LossCurve.Point::slope, false);
    }

    private Chart chart(Chart chart, ToDoubleFunction<LossCurve.Point> number, boolean labelled) {
        for (double clip : clips) {
            chart.zone(clip > 0 ? clip : Double.NEGATIVE_INFINITY, clip > 0 ? Double.POSITIVE_INFINITY : clip);
            String label = Svg.format("DL4J clips\n%s %.1f", clip > 0 ? "above" : "below", clip);
            chart.mark(clip, labelled ? label : "", Ink.RED);
        }
        for (int i = 0; i < curves.size(); i++) {
            LossCurve curve = curves.get(i);
            if (!curve.builtIn().isEmpty()) {
                chart.add(line("DL4J's own", Ink.BUILT_IN, curve.builtIn(), number)
                        .wide(BROAD));
            }
            chart.add(line(curve.name(), INKS.get(i), curve.ours(), number));
            chart.add(marks(i == 0 && labelled ? "dots: torch" : "", curve.torch(), number));
        }
        return chart;
    }

    private static ChartLine line(
            String label, Ink ink, List<LossCurve.Point> points, ToDoubleFunction<LossCurve.Point> number) {
        return ChartLine.curve(label, ink, numbers(points, LossCurve.Point::place), numbers(points, number));
    }

    private static ChartLine marks(
            String label, List<LossCurve.Point> points, ToDoubleFunction<LossCurve.Point> number) {
        int every = Math.max(1, points.size() / MARKS);
        List<LossCurve.Point> marked = IntStream.range(0, points.size())
                .filter(i -> i % every == 0)
                .mapToObj(points::get)
                .toList();
        return ChartLine.dots(label, Ink.TORCH, numbers(marked, LossCurve.Point::place), numbers(marked, number))
                .wide(3);
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
