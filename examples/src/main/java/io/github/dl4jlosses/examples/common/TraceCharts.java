/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.common;

import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The losses of a training in PyTorch and in DL4J, and how far they are apart. */
public final class TraceCharts {
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
    public Chart losses() {
        return new Chart("DL4J repeats PyTorch's loss at each step", "step", "cross entropy of the batch")
                .add(ChartLine.curve("PyTorch, the broad line", Ink.TORCH, steps(), torch)
                        .wide(6))
                .add(ChartLine.curve("DL4J, the thin line upon it", Ink.OURS, steps(), ours)
                        .wide(1.5));
    }

    /** The differences below the bound, on a logarithmic axis. */
    public Chart differences() {
        double[] drawn = Arrays.stream(differenceOfSteps)
                .map(difference -> Math.max(difference, DRAWN_ZERO))
                .toArray();
        return new Chart("All losses agree to a billionth", "step", "|DL4J - PyTorch|")
                .logarithmicY()
                .y(DRAWN_ZERO / 2, 20 * BOUND)
                .add(ChartLine.dots("a dot for each step;\n1e-17 stands for 0", Ink.OURS, steps(), drawn)
                        .wide(2))
                .level(BOUND, "1e-9, the bound", Ink.RED);
    }

    private double[] steps() {
        return IntStream.range(0, torch.length).asDoubleStream().toArray();
    }
}
