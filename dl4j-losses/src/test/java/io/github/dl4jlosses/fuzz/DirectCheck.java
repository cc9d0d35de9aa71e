/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.fuzz;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.Layout;
import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.plain.PlainCase;
import io.github.dl4jlosses.plain.PlainLoss;
import io.github.dl4jlosses.plain.PlainResult;
import io.github.dl4jlosses.plain.PlainRows;
import java.util.Arrays;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** All that a direct call gives, beside the plain formulas. */
final class DirectCheck {
    private final PlainCase example;
    private final TorchLoss loss;
    private final PlainResult expected;
    private final double denominator;

    private DirectCheck(PlainCase example) {
        this.example = example;
        this.loss = example.loss();
        this.expected = PlainLoss.of(loss, example.batch());
        this.denominator = denominator();
    }

    /** Null where all is right, else what is not. */
    static String complaint(long seed) {
        return complaint(PlainCase.direct(seed), seed);
    }

    /** Likewise of a large batch. */
    static String complaintOfLarge(long seed) {
        return complaint(PlainCase.largeDirect(seed), seed);
    }

    private static String complaint(PlainCase example, long seed) {
        Random random = new Random(~seed);
        Layout[] layouts = Layout.values();
        boolean empty = example.input().isEmpty();
        Layout.Placed input = empty
                ? new Layout.Placed(example.input(), example.input())
                : layouts[random.nextInt(layouts.length)].place(example.input());
        Layout.Placed target = example.target().isEmpty() || example.target().rank() == 0
                ? new Layout.Placed(example.target(), example.target())
                : layouts[random.nextInt(layouts.length)].place(example.target());
        byte[] inputBytes = empty ? new byte[0] : input.bytes();
        byte[] targetBytes = empty ? new byte[0] : target.bytes();
        String complaint = new DirectCheck(example).complaint(input.array(), target.array());
        if (complaint == null
                && !empty
                && !(Arrays.equals(inputBytes, input.bytes()) && Arrays.equals(targetBytes, target.bytes()))) {
            complaint = "an argument was changed";
        }
        return complaint == null ? null : complaint + " (" + example + ")";
    }

    private double denominator() {
        if (loss.getReduction() == Reduction.SUM) {
            return 1;
        }
        return loss.getReduction() == Reduction.MEAN
                ? expected.meanDenominator
                : example.shape().length == 0 ? 1 : example.input().size(0);
    }

    private String complaint(INDArray input, INDArray target) {
        double value = loss.value(input, target);
        INDArray gradient = loss.gradient(input, target);
        LossAndGradient both = loss.valueAndGradient(input, target);
        String complaint = ofValue(value);
        if (complaint == null && Double.compare(both.value(), value) != 0) {
            complaint = "valueAndGradient gives " + both.value() + ", value " + value;
        }
        if (complaint == null) {
            complaint = ofNumbers("gradient", gradient, expected.gradient, input.dataType(), denominator);
        }
        if (complaint == null) {
            complaint =
                    ofNumbers("gradient of both", both.gradient(), expected.gradient, input.dataType(), denominator);
        }
        if (complaint == null && expected.losses.length > 0) {
            complaint = ofUnreduced(loss.unreduced(input, target));
        }
        if (complaint == null && expected.targetGradient != null) {
            complaint = ofNumbers(
                    "target gradient",
                    loss.targetGradient(input, target),
                    expected.targetGradient,
                    target.dataType(),
                    denominator);
        }
        return complaint;
    }

    private boolean isZeroByChoice() {
        return denominator == 0 && loss.getEmptyMean() == EmptyMean.ZERO;
    }

    private String ofValue(double value) {
        double wanted = isZeroByChoice() ? 0 : expected.sum() / denominator;
        // over a denominator of 0 torch's order of operations decides between NaN and infinity
        boolean near = (denominator == 0 && !isZeroByChoice())
                ? !Double.isFinite(value)
                : Nearness.isNear(
                        example.input().dataType(),
                        DataType.DOUBLE,
                        value,
                        wanted,
                        expected.sumOfTerms() / Math.abs(denominator));
        return near ? null : "value is " + value + ", plainly " + wanted;
    }

    private String ofUnreduced(INDArray unreduced) {
        boolean perRow = loss instanceof CrossEntropyLoss || loss instanceof NLLLoss;
        double[][] losses = perRow ? null : new PlainRows(example.shape()).of(unreduced);
        double[] flat = PlainRows.flat(unreduced);
        for (int r = 0; r < expected.losses.length; r++) {
            for (int c = 0; c < expected.losses[r].length; c++) {
                double ours = perRow ? flat[r] : losses[r][c];
                if (!Nearness.isNear(
                        example.input().dataType(),
                        unreduced.dataType(),
                        ours,
                        expected.losses[r][c],
                        expected.largestTerm[r])) {
                    return "unreduced[" + r + "][" + c + "] is " + ours + ", plainly " + expected.losses[r][c];
                }
            }
        }
        return null;
    }

    private String ofNumbers(String what, INDArray numbers, double[][] wanted, DataType type, double divisor) {
        if (numbers.dataType() != type) {
            return what + " has dtype " + numbers.dataType();
        }
        double[][] ours = new PlainRows(example.shape()).of(numbers);
        for (int r = 0; r < wanted.length; r++) {
            for (int c = 0; c < wanted[r].length; c++) {
                boolean takesPart = expected.touched[r][c] && !isZeroByChoice();
                double number = takesPart ? wanted[r][c] / divisor : 0;
                boolean near = (takesPart && divisor == 0)
                        ? !Double.isFinite(ours[r][c])
                        : Nearness.isNear(
                                example.input().dataType(),
                                type,
                                ours[r][c],
                                number,
                                expected.largestTerm[r] / Math.abs(divisor));
                if (!near) {
                    return what + "[" + r + "][" + c + "] is " + ours[r][c] + ", plainly " + number;
                }
            }
        }
        return null;
    }
}
