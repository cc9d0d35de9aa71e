/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.parity.report.Chart;
import io.github.dl4jlosses.parity.report.ChartLine;
import io.github.dl4jlosses.parity.report.Ink;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Answers sorted by confidence into ten bins: in each, how many, the sum of their confidences, and how many are right. */
final class Reliability {
    private static final int BINS = 10;

    /** Answers that a bin needs to be drawn: the share of fewer says little. */
    private static final int ENOUGH = 20;

    private final double[] answers = new double[BINS];
    private final double[] confidence = new double[BINS];
    private final double[] right = new double[BINS];

    /** Of one network. */
    static Reliability of(INDArray probabilities, INDArray truth) {
        Reliability reliability = new Reliability();
        reliability.add(probabilities, truth);
        return reliability;
    }

    /** Sorts in the most probable class of each row. */
    void add(INDArray probabilities, INDArray truth) {
        for (int row = 0; row < truth.rows(); row++) {
            int answer = probabilities.getRow(row).argMax().getInt(0);
            double sure = probabilities.getDouble(row, answer);
            int bin = Math.min(BINS - 1, (int) (sure * BINS));
            answers[bin]++;
            confidence[bin] += sure;
            right[bin] += truth.getDouble(row, answer);
        }
    }

    double accuracy() {
        return Arrays.stream(right).sum() / Arrays.stream(answers).sum();
    }

    double meanConfidence() {
        return Arrays.stream(confidence).sum() / Arrays.stream(answers).sum();
    }

    /** The expected calibration error: how far confidence and share of right answers are apart, on average over answers. */
    double calibrationError() {
        return bins().mapToDouble(bin -> Math.abs(confidence[bin] - right[bin])).sum()
                / Arrays.stream(answers).sum();
    }

    /** Draws the share of right answers over the confidence. */
    void draw(Chart chart, String name, Ink ink) {
        int[] full = bins().filter(bin -> answers[bin] >= ENOUGH).toArray();
        chart.add(ChartLine.marked(
                name,
                ink,
                Arrays.stream(full)
                        .mapToDouble(bin -> confidence[bin] / answers[bin])
                        .toArray(),
                Arrays.stream(full)
                        .mapToDouble(bin -> right[bin] / answers[bin])
                        .toArray()));
    }

    private static IntStream bins() {
        return IntStream.range(0, BINS);
    }
}
