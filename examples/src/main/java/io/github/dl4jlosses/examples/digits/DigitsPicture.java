/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.digits;

import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.ChartSheet;
import io.github.dl4jlosses.parity.report.Ink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Two charts, one above the other: the losses, and how far DL4J is from torch. */
final class DigitsPicture {
    private static final ChartSheet SHEET = new ChartSheet(1, 840, 380);

    /** A logarithmic axis has no 0: that many times below the bound is drawn what is smaller. */
    private static final double BELOW_THE_BOUND = 1e-5;

    /** So much room is below, for labels. */
    private static final double BELOW_ZERO = 1e-3;

    private static final double HIGHEST = 20;

    private final History history;
    private final double[] steps;
    private final double least;

    private DigitsPicture(History history) {
        this.history = history;
        this.steps = IntStream.rangeClosed(1, history.size()).asDoubleStream().toArray();
        this.least = BELOW_THE_BOUND * history.bound();
    }

    static void write(History history, Path file) throws IOException {
        DigitsPicture picture = new DigitsPicture(history);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(
                file,
                SHEET.svg(
                        "A training in DL4J beside the same in torch",
                        List.of(picture.losses(), picture.differences())));
    }

    private Chart losses() {
        String title = history.firstDifferent() == 0
                ? "CrossEntropyLoss follows torch, LossMCXENT leaves it"
                : "CrossEntropyLoss leaves torch at step " + history.firstDifferent();
        return new Chart(title, "step", "loss of each batch, as torch's cross_entropy measures it")
                .add(line("LossMCXENT, DL4J's own", Ink.BUILT_IN, history.each(Comparison::builtInLoss), 1.5))
                .add(line("torch, the broad line", Ink.TORCH, history.each(Comparison::torchLoss), 5))
                .add(line("CrossEntropyLoss, the thin line upon it", Ink.OURS, history.each(Comparison::loss), 1.5));
    }

    private Chart differences() {
        String ours = Report.number(history.largestDifference());
        String builtIn = Report.number(history.largest(Comparison::builtInWeightDifference));
        return new Chart(
                        "CrossEntropyLoss: at most " + ours + " from torch; LossMCXENT: " + builtIn,
                        "step",
                        "largest difference to torch; " + Report.number(least) + " stands for less")
                .logarithmicY()
                .y(least * BELOW_ZERO, HIGHEST)
                .add(line(
                        "weights under LossMCXENT: " + builtIn,
                        Ink.BUILT_IN,
                        drawn(Comparison::builtInWeightDifference),
                        2.5))
                .add(dots("gradients", Ink.GREEN, drawn(Comparison::gradientDifference)))
                .add(dots("losses", Ink.PINK, drawn(Comparison::lossDifference)))
                .add(line(
                        "weights under CrossEntropyLoss: "
                                + Report.number(history.largest(Comparison::weightDifference)),
                        Ink.OURS,
                        drawn(Comparison::weightDifference),
                        2.5))
                .level(history.bound(), "what rounding explains: " + Report.number(history.bound()), Ink.RED);
    }

    private double[] drawn(ToDoubleFunction<Comparison> number) {
        return Arrays.stream(history.each(number))
                .map(value -> Math.max(value, least))
                .toArray();
    }

    private ChartLine line(String name, Ink ink, double[] values, double width) {
        return ChartLine.curve(name, ink, steps, values).wide(width);
    }

    private ChartLine dots(String name, Ink ink, double[] values) {
        return ChartLine.dots(name, ink, steps, values).wide(2);
    }
}
