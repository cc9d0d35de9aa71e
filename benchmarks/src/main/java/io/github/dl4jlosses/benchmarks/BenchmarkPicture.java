/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.parity.report.ChartSheet;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;

/** Time over size for each loss, both logarithmic. */
final class BenchmarkPicture {
    private static final ChartSheet SHEET = new ChartSheet(2, 600, 440);

    private BenchmarkPicture() {}

    /** A picture for each dtype and number of threads, if there are plain shapes to draw. */
    static List<Path> write(BenchmarkResults results, BenchmarkOptions options, Path folder) throws IOException {
        String page = options.out().getFileName().toString().replaceFirst("\\.[^.]*$", "");
        List<Path> files = new ArrayList<>();
        for (int threads : options.threads()) {
            for (Dtype dtype : options.dtypes()) {
                List<XYChart> charts = charts(results, options.losses(), dtype, threads);
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
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file)) {
            SHEET.write(charts, out);
        }
        return file;
    }

    private static List<XYChart> charts(BenchmarkResults results, List<LossKind> losses, Dtype dtype, int threads) {
        List<XYChart> charts = new ArrayList<>();
        for (LossKind loss : losses) {
            List<BenchmarkResults.Row> rows = results.losses(dtype, threads).stream()
                    .filter(row -> row.group().loss() == loss && row.shape().isPlain())
                    .toList();
            if (!rows.isEmpty()) {
                charts.add(chart(loss.title() + ", " + dtype.option() + ", threads: " + threads, rows));
            }
        }
        return charts;
    }

    private static XYChart chart(String title, List<BenchmarkResults.Row> rows) {
        XYChart chart = SHEET.logarithmicChart(title, "elements", "microseconds");
        line(chart, rows, Contender.BUILT_IN, ChartSheet.GREY);
        line(chart, rows, Contender.TORCH_LOOP, ChartSheet.ORANGE);
        line(chart, rows, Contender.ONE_PASS, ChartSheet.BLUE);
        line(chart, rows, Contender.COPY, ChartSheet.GREEN);
        return chart;
    }

    private static void line(XYChart chart, List<BenchmarkResults.Row> all, Contender contender, Color color) {
        List<BenchmarkResults.Row> rows =
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
        ChartSheet.line(chart, name, color, sizes, times);
    }
}
