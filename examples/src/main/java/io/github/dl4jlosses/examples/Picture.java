/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Two charts, one above the other: the losses, and how far DL4J is from torch. */
final class Picture {
    private static final int WIDTH = 1200;
    private static final int HEIGHT = 480;
    private static final Color TORCH = new Color(0xE6, 0x9F, 0x00);
    private static final Color OURS = new Color(0x00, 0x5A, 0x9C);
    private static final Color BUILT_IN = new Color(0x99, 0x99, 0x99);
    private static final Color GRADIENT = new Color(0x00, 0x9E, 0x73);
    private static final Color LOSS = new Color(0xCC, 0x79, 0xA7);
    private static final Color BOUND = new Color(0xC0, 0x30, 0x20);
    private static final BasicStroke DASHES =
            new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {8, 6}, 0);

    private final History history;
    private final double[] steps;

    /** The power of ten that is the bottom of the logarithmic axis, which has no zero. */
    private final int bottom;

    private Picture(History history) {
        this.history = history;
        this.steps = IntStream.rangeClosed(1, history.size()).asDoubleStream().toArray();
        this.bottom = (int) Math.round(Math.log10(history.bound())) - 5;
    }

    static void write(History history, Path file) throws IOException {
        Picture picture = new Picture(history);
        BufferedImage image = new BufferedImage(WIDTH, 2 * HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        picture.losses().paint(graphics, WIDTH, HEIGHT);
        graphics.translate(0, HEIGHT);
        picture.differences().paint(graphics, WIDTH, HEIGHT);
        graphics.dispose();
        Files.createDirectories(file.toAbsolutePath().getParent());
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IOException("This JDK writes no PNG");
        }
    }

    private XYChart losses() {
        XYChart chart = chart("Loss of each batch, as torch's cross_entropy measures it", "loss");
        chart.getStyler().setYAxisMin(0.0);
        line(chart, "DL4J, LossMCXENT", history.each(Comparison::builtInLoss), BUILT_IN, 1.5f);
        line(chart, "torch, cross_entropy", history.each(Comparison::torchLoss), TORCH, 6);
        line(chart, "DL4J, CrossEntropyLoss", history.each(Comparison::loss), OURS, 1.5f);
        return chart;
    }

    private XYChart differences() {
        XYChart chart = chart("Largest difference to torch, step by step", "difference");
        chart.getStyler().setYAxisMin((double) bottom).setYAxisMax(2.0).setYAxisTickMarkSpacingHint(40);
        chart.getStyler().setyAxisTickLabelsFormattingFunction(this::power);
        line(chart, "weights, LossMCXENT", powers(Comparison::builtInWeightDifference), BUILT_IN, 1.5f);
        line(chart, "weights, CrossEntropyLoss", powers(Comparison::weightDifference), OURS, 1.5f);
        dots(chart, "gradients, CrossEntropyLoss", powers(Comparison::gradientDifference), GRADIENT);
        dots(chart, "losses, CrossEntropyLoss", powers(Comparison::lossDifference), LOSS);
        bound(chart);
        return chart;
    }

    private void bound(XYChart chart) {
        double power = Math.log10(history.bound());
        // two points only: dashes start anew at each point
        XYSeries series =
                chart.addSeries("bound " + power(power), new double[] {0, history.size()}, new double[] {power, power});
        series.setMarker(SeriesMarkers.NONE).setLineColor(BOUND).setLineStyle(DASHES);
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
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("step")
                .yAxisTitle(axis)
                .build();
        chart.getStyler()
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Horizontal)
                .setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13))
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 18))
                .setChartTitlePadding(10)
                .setChartBackgroundColor(Color.WHITE);
        chart.getStyler()
                .setXAxisMin(0.0)
                .setXAxisMax((double) history.size())
                .setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15))
                .setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13))
                .setMarkerSize(5);
        return chart;
    }

    private void line(XYChart chart, String name, double[] values, Color color, float width) {
        XYSeries series = chart.addSeries(name, steps, values);
        series.setMarker(SeriesMarkers.NONE).setLineColor(color);
        series.setLineStyle(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    }

    private void dots(XYChart chart, String name, double[] values, Color color) {
        XYSeries series = chart.addSeries(name, steps, values);
        series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color).setLineStyle(SeriesLines.NONE);
    }
}
