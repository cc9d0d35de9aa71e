/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Time over size for each loss, both logarithmic. */
final class Picture {
    private static final int WIDTH = 600;
    private static final int HEIGHT = 440;
    private static final int COLUMNS = 2;

    private final Results results;

    private Picture(Results results) {
        this.results = results;
    }

    /** A picture for each dtype and number of threads, if there are plain shapes to draw. */
    static List<Path> write(Results results, Options options, Path folder) throws IOException {
        String page = options.out().getFileName().toString().replaceFirst("\\.[^.]*$", "");
        List<Path> files = new ArrayList<>();
        for (int threads : options.threads()) {
            for (Dtype dtype : options.dtypes()) {
                List<XYChart> charts = new Picture(results).charts(options.losses(), dtype, threads);
                if (!charts.isEmpty()) {
                    files.add(write(
                            charts,
                            folder.resolve(
                                    page.toLowerCase(Locale.ROOT) + "-" + dtype.option() + "-" + threads + ".png")));
                }
            }
        }
        return files;
    }

    private static Path write(List<XYChart> charts, Path file) throws IOException {
        int columns = Math.min(COLUMNS, charts.size());
        int rows = (charts.size() + columns - 1) / columns;
        BufferedImage image = new BufferedImage(columns * WIDTH, rows * HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        for (int i = 0; i < charts.size(); i++) {
            Graphics2D place = (Graphics2D) graphics.create(i % columns * WIDTH, i / columns * HEIGHT, WIDTH, HEIGHT);
            charts.get(i).paint(place, WIDTH, HEIGHT);
            place.dispose();
        }
        graphics.dispose();
        Files.createDirectories(file.getParent());
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IOException("This JDK writes no PNG");
        }
        return file;
    }

    private List<XYChart> charts(List<LossKind> losses, Dtype dtype, int threads) {
        List<XYChart> charts = new ArrayList<>();
        for (LossKind loss : losses) {
            List<Results.Row> rows = results.losses(dtype, threads).stream()
                    .filter(row -> row.group().loss() == loss && row.shape().isPlain())
                    .toList();
            if (!rows.isEmpty()) {
                charts.add(chart(loss.title() + ", " + dtype.option() + ", threads: " + threads, rows));
            }
        }
        return charts;
    }

    private static XYChart chart(String title, List<Results.Row> rows) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("elements")
                .yAxisTitle("microseconds")
                .build();
        chart.getStyler()
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Horizontal)
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14))
                .setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true).setMarkerSize(6);
        line(chart, rows, Contender.BUILT_IN, new Color(0x99, 0x99, 0x99));
        line(chart, rows, Contender.TORCH_LOOP, new Color(0xE6, 0x9F, 0x00));
        line(chart, rows, Contender.ONE_PASS, new Color(0x00, 0x5A, 0x9C));
        line(chart, rows, Contender.COPY, new Color(0x00, 0x9E, 0x73));
        return chart;
    }

    private static void line(XYChart chart, List<Results.Row> all, Contender contender, Color color) {
        List<Results.Row> rows =
                all.stream().filter(row -> row.time(contender) > 0).toList();
        if (rows.isEmpty()) {
            return;
        }
        double[] sizes =
                rows.stream().mapToDouble(row -> row.shape().elements()).toArray();
        double[] times =
                rows.stream().mapToDouble(row -> row.time(contender) / 1e3).toArray();
        String name = switch (contender) {
            case ONE_PASS -> "dl4j-losses";
            case BUILT_IN -> "DL4J's own";
            case TORCH_LOOP -> "torch";
            default -> "copy";
        };
        XYSeries series = chart.addSeries(name, sizes, times);
        series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color).setLineColor(color);
        series.setLineStyle(new BasicStroke(2, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    }
}
