/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.digits;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.examples.common.Paragraph;
import io.github.dl4jlosses.parity.Torch;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;

/** What the run prints. */
record Report(PrintStream out) {
    private static final int EVERY = 25;

    void header(DigitsOptions options, TorchLoss loss) {
        print("Handwritten digits, %s in %s: DL4J with", steps(options.steps()), name(options.type()));
        print("%s", Paragraph.of("  " + loss));
        print("against torch %s from the same weights on the same batches", Torch.version());
        print("");
        print("%5s %16s %16s  %-29s %9s", "", "loss of", "the batch", "largest difference so far in", "held-out");
        print("%5s %16s %16s  %8s %10s %9s %9s", "step", "DL4J", "torch", "losses", "gradients", "weights", "accuracy");
    }

    static boolean isDue(int step, int steps) {
        return step == 1 || step % EVERY == 0 || step == steps;
    }

    void step(History history, double accuracy) {
        print(
                "%5d %16.12f %16.12f  %8.1e %10.1e %9.1e %7.1f %%",
                history.size(),
                history.last().loss(),
                history.last().torchLoss(),
                history.largest(Comparison::lossDifference),
                history.largest(Comparison::gradientDifference),
                history.largest(Comparison::weightDifference),
                100 * accuracy);
    }

    void results(DigitsData digits, Training torch, Training ours, Training builtIn) {
        print("");
        print("%-24s %22s %9s   %s", "", "torch's loss on", "held-out", "largest weight");
        print("%-24s %22s %9s   %s", "trained with", "all training rows", "accuracy", "difference to torch");
        result("torch, cross_entropy", digits, torch, torch);
        result("DL4J, CrossEntropyLoss", digits, ours, torch);
        result("DL4J, LossMCXENT", digits, builtIn, torch);
    }

    private void result(String name, DigitsData digits, Training training, Training torch) {
        print(
                "%-24s %22.12f %7.1f %%   %s",
                name,
                TorchDigitsTraining.loss(training.parameters(), digits.training()),
                100 * training.accuracy(digits.heldOut()),
                training == torch ? "-" : number(training.parameters().largestDifference(torch.parameters())));
    }

    void verdict(History history, DataType type) {
        print("");
        int first = history.firstDifferent();
        if (first == 0) {
            print(
                    "IDENTICAL: every loss, gradient and weight of %s%nis within %s of torch's in %s (largest difference: %s)",
                    (history.size() == 1 ? "" : "all ") + steps(history.size()),
                    number(history.bound()),
                    name(type),
                    number(history.largestDifference()));
        } else {
            print(
                    "DIFFERENT: from step %d on a loss, gradient or weight is more than %s%nfrom torch's in %s (largest difference: %s)",
                    first, number(history.bound()), name(type), number(history.largestDifference()));
        }
    }

    /** The last lines: where the picture is, and what to look for in it. */
    void picture(Path file, History history) {
        print("");
        print("Picture, for a browser: %s", file.toAbsolutePath().normalize());
        if (history.firstDifferent() == 0) {
            print(
                    "  above: the thin line, CrossEntropyLoss, lies on torch's broad one; the grey one, LossMCXENT, leaves both");
        } else {
            print("  above: the thin line, CrossEntropyLoss, leaves torch's broad one");
        }
        print(
                "  below: CrossEntropyLoss is at most %s from torch; the weights under LossMCXENT are up to %s away",
                number(history.largestDifference()), number(history.largest(Comparison::builtInWeightDifference)));
    }

    private static String steps(int number) {
        return number == 1 ? "1 step" : number + " steps";
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.1e", value);
    }

    private static String name(DataType type) {
        return type == DataType.DOUBLE ? "float64" : "float32";
    }

    private void print(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }
}
