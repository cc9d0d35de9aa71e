/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import io.github.dl4jlosses.benchmarks.BenchmarkResults.Row;
import io.github.dl4jlosses.parity.report.RowChart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** How many times this library's time torch and DL4J's own losses take: a bar for each loss and plain shape. */
final class BenchmarkPicture {
    private static final double LEAST = .25;
    private static final double MOST_OF_TORCH = 20;
    private static final double MOST_OF_BUILT_IN = 200;

    /** How the name of the picture ends that has all losses in short. */
    static final String OVERVIEW = "-overview";

    private BenchmarkPicture() {}

    /** A picture of all losses in short, and one for each dtype and number of threads, if there are plain shapes to draw. */
    static List<Path> write(BenchmarkResults results, BenchmarkOptions options, Path folder) throws IOException {
        String page = options.out()
                .getFileName()
                .toString()
                .replaceFirst("\\.[^.]*$", "")
                .toLowerCase(Locale.ROOT);
        List<Path> files = new ArrayList<>();
        Dtype first = options.dtypes().get(0);
        List<Bar> inShort = options.losses().stream()
                .flatMap(loss -> inShort(results, loss, first))
                .toList();
        write(files, folder.resolve(page + OVERVIEW + ".svg"), "Mean and worst row, " + first.option(), inShort);
        for (int threads : options.threads()) {
            for (Dtype dtype : options.dtypes()) {
                List<Bar> bars = results.losses(dtype, threads).stream()
                        .filter(row -> row.shape().isPlain())
                        .map(Bar::of)
                        .toList();
                write(
                        files,
                        folder.resolve(page + "-" + dtype.option() + "-" + threads + ".svg"),
                        dtype.option() + ", " + MarkdownTable.threads(threads),
                        bars);
            }
        }
        return files;
    }

    private static void write(List<Path> files, Path file, String setting, List<Bar> bars) throws IOException {
        if (!bars.isEmpty()) {
            Files.createDirectories(file.getParent());
            files.add(Files.writeString(file, svg(setting, bars)));
        }
    }

    /** Over all shapes and numbers of threads. */
    private static Stream<Bar> inShort(BenchmarkResults results, LossKind loss, Dtype dtype) {
        List<Row> rows = results.losses(results.base()).stream()
                .filter(row -> row.group().loss() == loss && row.group().dtype() == dtype)
                .toList();
        if (rows.isEmpty()) {
            return Stream.empty();
        }
        return Stream.of(
                new Bar(
                        loss.title(),
                        "mean",
                        BenchmarkResults.geometricMean(rows, Row::torchToOurs),
                        BenchmarkResults.geometricMean(rows, Row::builtInToOurs)),
                new Bar(
                        loss.title(),
                        "worst",
                        BenchmarkResults.smallest(rows, Row::torchToOurs),
                        BenchmarkResults.smallest(rows, Row::builtInToOurs)));
    }

    /**
     * A row of the picture.
     *
     * @param loss the loss with its options
     * @param shape examples and classes, or what is said of all
     * @param torch how many times our time torch takes for the same pass; NaN if it is not known
     * @param builtIn the same of DL4J's own loss, for the two calls of an iteration; NaN if there is none
     */
    record Bar(String loss, String shape, double torch, double builtIn) {
        static Bar of(Row row) {
            return new Bar(row.group().loss().title(), row.subject(), row.torchToOurs(), row.builtInToOurs());
        }
    }

    /** The picture of one setting. */
    static String svg(String setting, List<Bar> bars) {
        RowChart chart = new RowChart(
                        setting + ": " + ahead(bars, Bar::torch) + " faster than torch, " + ahead(bars, Bar::builtIn)
                                + " than DL4J's own",
                        "a blue bar to the right: dl4j-losses is faster; an orange one to the left: it is slower")
                .panel("torch / dl4j-losses", LEAST, MOST_OF_TORCH)
                .panel("DL4J's own loss / dl4j-losses", LEAST, MOST_OF_BUILT_IN);
        bars.forEach(bar -> chart.bars(bar.loss, bar.shape, bar.torch, bar.builtIn));
        return chart.svg();
    }

    private static String ahead(List<Bar> bars, ToDoubleFunction<Bar> ratio) {
        double[] known = bars.stream()
                .mapToDouble(ratio)
                .filter(number -> !Double.isNaN(number))
                .toArray();
        int ahead = 0;
        for (double number : known) {
            ahead += number >= 1 ? 1 : 0;
        }
        return ahead + " of " + known.length;
    }
}
