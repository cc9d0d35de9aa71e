/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Charts of one look, several of them in one picture. Needs XChart, an optional dependency of this module.
 *
 * @since 0.1.0
 */
public final class ChartSheet {
    /** Where this library is compared, its own. */
    public static final Color BLUE = new Color(0x00, 0x5A, 0x9C);
    /** Where this library is compared, torch's. */
    public static final Color ORANGE = new Color(0xE6, 0x9F, 0x00);
    /** Where this library is compared, that of DL4J's own losses. */
    public static final Color GREY = new Color(0x99, 0x99, 0x99);
    /** For another line. */
    public static final Color GREEN = new Color(0x00, 0x9E, 0x73);
    /** For another line. */
    public static final Color PINK = new Color(0xCC, 0x79, 0xA7);
    /** For a bound. */
    public static final Color RED = new Color(0xC0, 0x30, 0x20);

    /** How far a linear axis begins before its least number, as a share of its length. */
    private static final double MARGIN = 1e-3;

    private static final float[] DASHES = {6, 4};

    private final int columns;
    private final int width;
    private final int height;

    /**
     * A sheet of charts of one size.
     *
     * @param columns how many are side by side
     * @param width the width of each, in pixels
     * @param height the height of each
     */
    public ChartSheet(int columns, int width, int height) {
        this.columns = columns;
        this.width = width;
        this.height = height;
    }

    /**
     * A chart without lines.
     *
     * @param title its title
     * @param x the title of the horizontal axis
     * @param y the title of the vertical axis
     * @return the chart
     */
    public XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(width)
                .height(height)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        chart.getStyler()
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Horizontal)
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14))
                .setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setMarkerSize(6);
        return chart;
    }

    /**
     * A chart with two logarithmic axes and without lines.
     *
     * @param title its title
     * @param x the title of the horizontal axis
     * @param y the title of the vertical axis
     * @return the chart
     */
    public XYChart logarithmicChart(String title, String x, String y) {
        XYChart chart = chart(title, x, y);
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        return chart;
    }

    /**
     * Adds a line with a mark at each point to a chart.
     *
     * @param chart the chart
     * @param name what the legend says
     * @param color its colour
     * @param x the horizontal places, above 0 on a logarithmic axis
     * @param y the vertical places, above 0 on a logarithmic axis
     * @return the line
     */
    public static XYSeries line(XYChart chart, String name, Color color, double[] x, double[] y) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color).setLineColor(color);
        series.setLineStyle(new BasicStroke(2, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        return series;
    }

    /**
     * Adds a line without marks to a chart.
     *
     * @param chart the chart
     * @param name what the legend says
     * @param color its colour
     * @param x the horizontal places, above 0 on a logarithmic axis
     * @param y the vertical places, above 0 on a logarithmic axis
     * @return the line
     */
    public static XYSeries curve(XYChart chart, String name, Color color, double[] x, double[] y) {
        XYSeries series = line(chart, name, color, x, y);
        series.setMarker(SeriesMarkers.NONE);
        return series;
    }

    /**
     * How a dashed line is drawn. Dashes begin anew at each point, so it should have few.
     *
     * @param width of the line, in pixels
     * @return the stroke
     */
    public static BasicStroke dashes(float width) {
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, DASHES, 0);
    }

    /**
     * Writes all charts as one PNG, row by row.
     *
     * @param charts at least one
     * @param out where to
     * @throws IOException if it cannot be written
     */
    public void write(List<XYChart> charts, OutputStream out) throws IOException {
        int across = Math.min(columns, charts.size());
        int rows = (charts.size() + across - 1) / across;
        BufferedImage image = new BufferedImage(across * width, rows * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        for (int i = 0; i < charts.size(); i++) {
            roundTicks(charts.get(i));
            Graphics2D place = (Graphics2D) graphics.create(i % across * width, i / across * height, width, height);
            charts.get(i).paint(place, width, height);
            place.dispose();
        }
        graphics.dispose();
        if (!ImageIO.write(image, "png", out)) {
            throw new IOException("This JDK writes no PNG");
        }
    }

    /** XChart labels every n-th of numbers at equal distances, 33, 66, 99. With the margin they are not, and it rounds. */
    private static void roundTicks(XYChart chart) {
        AxesChartStyler styler = chart.getStyler();
        if (!styler.isXAxisLogarithmic()) {
            styler.setXAxisMin(beforeFirst(chart, XYSeries::getXData, styler.getXAxisMin(), styler.getXAxisMax()));
        }
        if (!styler.isYAxisLogarithmic()) {
            styler.setYAxisMin(beforeFirst(chart, XYSeries::getYData, styler.getYAxisMin(), styler.getYAxisMax()));
        }
    }

    private static double beforeFirst(XYChart chart, Function<XYSeries, double[]> data, Double min, Double max) {
        double[] numbers = chart.getSeriesMap().values().stream()
                .flatMapToDouble(series -> Arrays.stream(data.apply(series)))
                .toArray();
        double least = min != null ? min : Arrays.stream(numbers).min().orElse(0);
        double most = max != null ? max : Arrays.stream(numbers).max().orElse(0);
        return least - MARGIN * (most - least);
    }
}
