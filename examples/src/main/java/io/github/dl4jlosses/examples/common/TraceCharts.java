/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.common;

import io.github.dl4jlosses.parity.report.ChartSheet;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;

/** The losses of a training in PyTorch and in DL4J, and how far they are apart. */
public final class TraceCharts {
    /** Twice as large as it is shown. */
    public static final ChartSheet SHEET = new ChartSheet(2, 900, 640);

    /** A logarithmic axis has no 0. */
    private static final double DRAWN_ZERO = 1e-17;

    /** What the use of a traced model promises of losses in float64. */
    private static final double BOUND = 1e-9;

    private final double[] torch;
    private final double[] ours;
    private final double[] differenceOfSteps;

    /** Of the losses that PyTorch wrote down, and those of DL4J for the same steps. */
    public TraceCharts(double[] torch, double[] ours, double[] differenceOfSteps) {
        this.torch = torch.clone();
        this.ours = ours.clone();
        this.differenceOfSteps = differenceOfSteps.clone();
    }

    /** PyTorch's losses as a broad line, and DL4J's as a thin one upon it. */
    public XYChart losses() {
        XYChart chart = chart("DL4J repeats PyTorch's loss at each step", "cross entropy of the batch");
        ChartSheet.curve(chart, "PyTorch", ChartSheet.ORANGE, steps(), torch).setLineStyle(new BasicStroke(11));
        ChartSheet.curve(chart, "DL4J", ChartSheet.BLUE, steps(), ours).setLineStyle(new BasicStroke(3));
        double highest = Arrays.stream(torch).max().orElseThrow();
        chart.getStyler().setYAxisMin(0.0);
        label(chart, "PyTorch, the broad line", ChartSheet.ORANGE.darker(), .5, .9 * highest);
        label(chart, "DL4J, the thin line upon it", ChartSheet.BLUE, .5, .8 * highest);
        return chart;
    }

    /** The differences below the bound, on a logarithmic axis. */
    public XYChart differences() {
        XYChart chart = chart("All losses agree to a billionth", "|DL4J - PyTorch|");
        chart.getStyler().setYAxisLogarithmic(true).setYAxisMin(DRAWN_ZERO).setYAxisMax(10 * BOUND);
        double[] drawn = Arrays.stream(differenceOfSteps)
                .map(difference -> Math.max(difference, DRAWN_ZERO))
                .toArray();
        ChartSheet.line(chart, "a step", ChartSheet.BLUE, steps(), drawn)
                .setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        double[] ends = {0, torch.length - 1};
        ChartSheet.curve(chart, "bound", ChartSheet.RED, ends, new double[] {BOUND, BOUND})
                .setLineStyle(ChartSheet.dashes(3));
        label(chart, "1e-9, the bound", ChartSheet.RED, .5, BOUND / 3);
        label(chart, "a dot for each step; 1e-17 stands for 0", ChartSheet.BLUE, .55, 3e-16);
        return chart;
    }

    private static XYChart chart(String title, String y) {
        XYChart chart = SHEET.chart(title, "step", y);
        chart.getStyler()
                .setLegendVisible(false)
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 28))
                .setAnnotationTextFont(new Font(Font.SANS_SERIF, Font.BOLD, 24));
        chart.getStyler()
                .setAxisTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 24))
                .setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 22))
                .setMarkerSize(8);
        return chart;
    }

    /** A text in the colour of its line, at a part of the way along the axis of the steps. */
    private void label(XYChart chart, String text, Color color, double part, double y) {
        chart.addAnnotation(new AnnotationText(text, part * torch.length, y, false) {
            @Override
            public void paint(Graphics2D graphics) {
                // XChart has one colour for all texts of a chart
                styler.setAnnotationTextFontColor(color);
                super.paint(graphics);
            }
        });
    }

    private double[] steps() {
        return IntStream.range(0, torch.length).asDoubleStream().toArray();
    }
}
