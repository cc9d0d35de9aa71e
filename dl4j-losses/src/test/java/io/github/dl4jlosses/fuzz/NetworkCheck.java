/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.fuzz;

import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.Layout;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.plain.PlainCall;
import io.github.dl4jlosses.plain.PlainResult;
import io.github.dl4jlosses.plain.PlainRows;
import java.util.Arrays;
import java.util.Random;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** All that a network asks a loss for, beside the plain formulas. */
final class NetworkCheck {
    private final PlainCall call;
    private final TorchLoss loss;
    private final PlainResult expected;
    private final int rows;
    private final double denominator;
    private final double factor;

    private NetworkCheck(PlainCall call) {
        this.call = call;
        this.loss = call.loss();
        this.expected = call.expected();
        this.rows = expected.losses.length;
        double examples = (double) rows / loss.getPositionsPerExample();
        this.factor = loss.isMiniBatch() ? examples : 1;
        this.denominator = loss.getReduction() == Reduction.SUM
                ? 1
                : loss.getReduction() == Reduction.MEAN ? expected.meanDenominator : examples;
    }

    /** Null where all is right, else what is not. */
    static String complaint(long seed) {
        return complaint(PlainCall.random(seed), seed);
    }

    /** Likewise of a large batch. */
    static String complaintOfLarge(long seed) {
        return complaint(PlainCall.large(seed), seed);
    }

    private static String complaint(PlainCall call, long seed) {
        Random random = new Random(~seed);
        Layout[] layouts = Layout.values();
        Layout.Placed preOutput = layouts[random.nextInt(layouts.length)].place(call.preOutput());
        Layout.Placed labels = layouts[random.nextInt(layouts.length)].place(call.labels());
        byte[] before = preOutput.bytes();
        byte[] labelBytes = labels.bytes();
        String complaint = new NetworkCheck(call).complaint(preOutput.array(), labels.array());
        if (complaint == null
                && !(Arrays.equals(before, preOutput.bytes()) && Arrays.equals(labelBytes, labels.bytes()))) {
            complaint = "an argument was changed";
        }
        return complaint == null ? null : complaint + " (" + call + ")";
    }

    private String complaint(INDArray preOutput, INDArray labels) {
        double score = loss.computeScore(labels, preOutput, call.activation(), call.mask(), false);
        INDArray gradient = loss.computeGradient(labels, preOutput, call.activation(), call.mask());
        Pair<Double, INDArray> both =
                loss.computeGradientAndScore(labels, preOutput, call.activation(), call.mask(), true);
        String complaint = ofScore("score", score, 1);
        if (complaint == null) {
            complaint = ofScore("average score", both.getFirst(), rows);
        }
        if (complaint == null) {
            complaint = ofGradient("gradient", gradient);
        }
        if (complaint == null) {
            complaint = ofGradient("gradient of both", both.getSecond());
        }
        return complaint == null
                ? ofScores(loss.computeScoreArray(labels, preOutput, call.activation(), call.mask()))
                : complaint;
    }

    private boolean isZeroByChoice() {
        return denominator == 0 && loss.getEmptyMean() == EmptyMean.ZERO;
    }

    private String ofScore(String what, double score, int divisor) {
        double wanted = isZeroByChoice() ? 0 : expected.sum() / denominator * factor / divisor;
        boolean near = (denominator == 0 && !isZeroByChoice())
                ? !Double.isFinite(score)
                : Nearness.isNear(
                        call.preOutput().dataType(),
                        DataType.DOUBLE,
                        score,
                        wanted,
                        expected.sumOfTerms() / Math.abs(denominator) * factor);
        return near ? null : what + " is " + score + ", plainly " + wanted;
    }

    private String ofGradient(String what, INDArray gradient) {
        DataType type = call.preOutput().dataType();
        if (gradient.dataType() != type) {
            return what + " has dtype " + gradient.dataType();
        }
        double[][] ours = new PlainRows(gradient.shape()).of(gradient);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < ours[r].length; c++) {
                boolean takesPart = expected.touched[r][c] && !isZeroByChoice();
                double wanted = takesPart ? expected.gradient[r][c] / denominator * factor : 0;
                boolean near = (takesPart && denominator == 0)
                        ? !Double.isFinite(ours[r][c])
                        : Nearness.isNear(
                                type,
                                type,
                                ours[r][c],
                                wanted,
                                expected.largestTerm[r] / Math.abs(denominator) * factor);
                if (!near) {
                    return what + "[" + r + "][" + c + "] is " + ours[r][c] + ", plainly " + wanted;
                }
            }
        }
        return null;
    }

    /** The loss of a row; the mean of its outputs for the losses of single outputs with a mean. */
    private String ofScores(INDArray scores) {
        double[] ours = PlainRows.flat(scores);
        for (int r = 0; r < rows; r++) {
            double wanted = 0;
            int outputs = 0;
            for (int c = 0; c < expected.losses[r].length; c++) {
                wanted += expected.losses[r][c];
                outputs += expected.touched[r][c] ? 1 : 0;
            }
            if (loss.getReduction() == Reduction.MEAN && !call.hasLossPerRow()) {
                wanted = outputs == 0 ? 0 : wanted / outputs;
            }
            double terms = expected.largestTerm[r] * Math.max(1, outputs);
            if (!Nearness.isNear(call.preOutput().dataType(), scores.dataType(), ours[r], wanted, terms)) {
                return "score of row " + r + " is " + ours[r] + ", plainly " + wanted;
            }
        }
        return null;
    }
}
