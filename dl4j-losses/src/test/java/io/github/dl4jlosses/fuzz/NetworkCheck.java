/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.fuzz;

import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.memory.Layout;
import io.github.dl4jlosses.spec.plain.Nearness;
import io.github.dl4jlosses.spec.plain.PlainResult;
import io.github.dl4jlosses.spec.plain.PlainRows;
import io.github.dl4jlosses.spec.random.RandomNetworkCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** All that a network asks a loss for, beside the plain formulas. */
final class NetworkCheck {
    /** How many gradients were right only beside ND4J's own activation. */
    private static final LongAdder ROUNDED_BY_FRAMEWORK = new LongAdder();

    private final RandomNetworkCall call;
    private final TorchLoss loss;
    private final PlainResult expected;
    private final int rows;
    private final double denominator;
    private final double factor;

    private NetworkCheck(RandomNetworkCall call) {
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

    /** How many gradients were not near the plain formulas, but near what ND4J's own activation makes of them; counts anew. */
    static long roundedByFramework() {
        return ROUNDED_BY_FRAMEWORK.sumThenReset();
    }

    /** Null where all is right, else what is not. */
    static String complaint(long seed) {
        return complaint(RandomNetworkCall.random(seed), seed);
    }

    /** Likewise of a large batch. */
    static String complaintOfLarge(long seed) {
        return complaint(RandomNetworkCall.large(seed), seed);
    }

    /** Likewise of any call; the seed is that of the layouts. */
    static String complaint(RandomNetworkCall call, long seed) {
        Random random = new Random(~seed);
        Layout[] layouts = Layout.values();
        List<Layout.Placed> arguments = new ArrayList<>();
        List<byte[]> before = new ArrayList<>();
        for (INDArray array : call.mask() == null
                ? List.of(call.preOutput(), call.labels())
                : List.of(call.preOutput(), call.labels(), call.mask())) {
            Layout.Placed placed = layouts[random.nextInt(layouts.length)].place(array);
            arguments.add(placed);
            before.add(placed.bytes());
        }
        String complaint = new NetworkCheck(call)
                .complaint(
                        arguments.get(0).array(),
                        arguments.get(1).array(),
                        call.mask() == null ? null : arguments.get(2).array());
        for (int i = 0; complaint == null && i < before.size(); i++) {
            complaint = Arrays.equals(before.get(i), arguments.get(i).bytes()) ? null : "an argument was changed";
        }
        return complaint == null ? null : complaint + " (" + call + ")";
    }

    private String complaint(INDArray preOutput, INDArray labels, INDArray mask) {
        double score = loss.computeScore(labels, preOutput, call.activation(), mask, false);
        INDArray gradient = loss.computeGradient(labels, preOutput, call.activation(), mask);
        Pair<Double, INDArray> both = loss.computeGradientAndScore(labels, preOutput, call.activation(), mask, true);
        String complaint = ofScore("score", score, 1);
        if (complaint == null) {
            complaint = ofScore("average score", both.getFirst(), rows);
        }
        if (complaint == null) {
            complaint = ofGradient("gradient", gradient, preOutput);
        }
        if (complaint == null) {
            complaint = ofGradient("gradient of both", both.getSecond(), preOutput);
        }
        return complaint == null
                ? ofScores(loss.computeScoreArray(labels, preOutput, call.activation(), mask))
                : complaint;
    }

    private boolean isZeroByChoice() {
        return denominator == 0 && loss.getEmptyMean() == EmptyMean.ZERO;
    }

    private String ofScore(String what, double score, int divisor) {
        double wanted = isZeroByChoice() ? 0 : expected.sum() / denominator * factor / divisor;
        boolean near = denominator == 0
                ? isZeroByChoice() ? score == 0 : !Double.isFinite(score)
                : Nearness.isNear(
                        call.preOutput().dataType(),
                        DataType.DOUBLE,
                        score,
                        wanted,
                        expected.sumOfTerms() / Math.abs(denominator) * factor);
        return near ? null : what + " is " + score + ", plainly " + wanted;
    }

    private String ofGradient(String what, INDArray gradient, INDArray preOutput) {
        DataType type = call.preOutput().dataType();
        if (gradient.dataType() != type
                || !Arrays.equals(gradient.shape(), call.preOutput().shape())) {
            return what + " is " + gradient.dataType() + Arrays.toString(gradient.shape());
        }
        double[][] ours = new PlainRows(gradient.shape()).of(gradient);
        String complaint = ofGradient(what, ours, expected.gradient, factor);
        if (complaint == null) {
            return null;
        }
        // the framework's own rounding is no fault of the loss, which must then be near what comes of that
        double[][] rounded = call.gradientThroughFramework(preOutput, factor / denominator);
        if (rounded == null || ofGradient(what, ours, rounded, denominator) != null) {
            return complaint;
        }
        ROUNDED_BY_FRAMEWORK.increment();
        return null;
    }

    private String ofGradient(String what, double[][] ours, double[][] numbers, double scale) {
        DataType type = call.preOutput().dataType();
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < ours[r].length; c++) {
                boolean takesPart = expected.touched[r][c] && !isZeroByChoice();
                double wanted = takesPart ? numbers[r][c] / denominator * scale : 0;
                boolean near = !takesPart
                        ? ours[r][c] == 0
                        : denominator == 0
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
        if (!Arrays.equals(scores.shape(), new long[] {rows, 1})) {
            return "scores have shape " + Arrays.toString(scores.shape());
        }
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
