/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.fuzz;

import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.spec.plain.PlainResult;
import io.github.dl4jlosses.spec.plain.PlainRows;
import io.github.dl4jlosses.spec.random.RandomNetworkCall;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** All that a network asks a loss for, beside the plain formulas. */
final class NetworkCheck extends PlainCheck {
    /** How many gradients were right only beside ND4J's own activation. */
    private static final LongAdder ROUNDED_BY_FRAMEWORK = new LongAdder();

    private final RandomNetworkCall call;
    private final int rows;

    private NetworkCheck(RandomNetworkCall call, PlainResult expected) {
        super(
                call,
                call.loss(),
                expected,
                call.preOutput().dataType(),
                call.rows().denominator(expected, examples(call)),
                call.loss().isMiniBatch() ? examples(call) : 1);
        this.call = call;
        this.rows = expected.losses.length;
    }

    private static double examples(RandomNetworkCall call) {
        return (double) call.preOutput().size(0) / call.loss().getPositionsPerExample();
    }

    /** How many gradients were not near the plain formulas, but near what ND4J's own activation makes of them; counts anew. */
    static long roundedByFramework() {
        return ROUNDED_BY_FRAMEWORK.sumThenReset();
    }

    static void run(long seed) {
        run(RandomNetworkCall.random(seed), seed);
    }

    static void runLarge(long seed) {
        run(RandomNetworkCall.large(seed), seed);
    }

    /** The seed is that of the layouts. */
    static void run(RandomNetworkCall call, long seed) {
        PlacedArguments arguments = new PlacedArguments(new Random(~seed));
        INDArray preOutput = arguments.place(call.preOutput());
        INDArray labels = arguments.place(call.labels());
        INDArray mask = arguments.place(call.mask());
        NetworkCheck check = new NetworkCheck(call, call.expected());
        check.isRight(preOutput, labels, mask);
        check.leaves(arguments);
    }

    private void isRight(INDArray preOutput, INDArray labels, INDArray mask) {
        double score = loss.computeScore(labels, preOutput, call.activation(), mask, false);
        INDArray gradient = loss.computeGradient(labels, preOutput, call.activation(), mask);
        Pair<Double, INDArray> both = loss.computeGradientAndScore(labels, preOutput, call.activation(), mask, true);
        isNearReduced("score", DataType.DOUBLE, score, true, expected.sum(), expected.sumOfTerms());
        isNearReduced(
                "average score", DataType.DOUBLE, both.getFirst(), true, expected.sum() / rows, expected.sumOfTerms());
        gradientIsNear("gradient", gradient, preOutput);
        gradientIsNear("gradient of both", both.getSecond(), preOutput);
        scoresAreNear(loss.computeScoreArray(labels, preOutput, call.activation(), mask));
    }

    private void gradientIsNear(String what, INDArray gradient, INDArray preOutput) {
        hasForm(what, gradient, type, preOutput.shape());
        double[][] ours = new PlainRows(gradient.shape()).of(gradient);
        try {
            gradientIsNear(what, ours, expected.gradient, 1);
        } catch (AssertionError e) {
            // the framework's own rounding is no fault of the loss, which must then be near what comes of that
            double[][] rounded = call.gradientThroughFramework(preOutput, factor / denominator);
            if (rounded == null) {
                throw e;
            }
            gradientIsNear(what, ours, rounded, denominator / factor);
            ROUNDED_BY_FRAMEWORK.increment();
        }
    }

    private void gradientIsNear(String what, double[][] ours, double[][] numbers, double scale) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < ours[r].length; c++) {
                double sum = numbers[r][c] * scale;
                isNearReduced(what, type, ours[r][c], expected.touched[r][c], sum, expected.largestTerm[r], r, c);
            }
        }
    }

    /** The loss of a row; the mean of its outputs for the losses of single outputs with a mean. */
    private void scoresAreNear(INDArray scores) {
        hasForm("scores", scores, scores.dataType(), rows, 1);
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
            isNearLoss("score of row", scores.dataType(), ours[r], wanted, terms, r);
        }
    }
}
