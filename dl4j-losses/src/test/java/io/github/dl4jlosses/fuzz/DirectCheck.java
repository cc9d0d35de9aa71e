/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.fuzz;

import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.memory.Layout;
import io.github.dl4jlosses.spec.plain.Nearness;
import io.github.dl4jlosses.spec.plain.PlainResult;
import io.github.dl4jlosses.spec.plain.PlainRows;
import io.github.dl4jlosses.spec.random.RandomCall;
import java.util.Arrays;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** All that a direct call gives, beside the plain formulas. */
final class DirectCheck {
    private final RandomCall call;
    private final TorchLoss loss;
    private final PlainResult expected;
    private final double denominator;

    private DirectCheck(RandomCall call) {
        this.call = call;
        this.loss = call.loss();
        this.expected = call.plainly();
        this.denominator = call.denominator(expected);
    }

    /** Null where all is right, else what is not. */
    static String complaint(long seed) {
        return complaint(RandomCall.direct(seed), seed);
    }

    /** Likewise of a large batch. */
    static String complaintOfLarge(long seed) {
        return complaint(RandomCall.largeDirect(seed), seed);
    }

    private static String complaint(RandomCall call, long seed) {
        Random random = new Random(~seed);
        boolean empty = call.input().isEmpty();
        Layout.Placed input = placed(call.input(), random);
        Layout.Placed target = placed(call.target(), random);
        byte[] inputBytes = empty ? new byte[0] : input.bytes();
        byte[] targetBytes = empty ? new byte[0] : target.bytes();
        String complaint = new DirectCheck(call).complaint(input.array(), target.array());
        if (complaint == null
                && !empty
                && !(Arrays.equals(inputBytes, input.bytes()) && Arrays.equals(targetBytes, target.bytes()))) {
            complaint = "an argument was changed";
        }
        return complaint == null ? null : complaint + " (" + call + ")";
    }

    private static Layout.Placed placed(INDArray array, Random random) {
        Layout[] layouts = Layout.values();
        return array.isEmpty() || array.rank() == 0
                ? new Layout.Placed(array, array)
                : layouts[random.nextInt(layouts.length)].place(array);
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
            complaint = ofNumbers("gradient", gradient, expected.gradient, input);
        }
        if (complaint == null) {
            complaint = ofNumbers("gradient of both", both.gradient(), expected.gradient, input);
        }
        if (complaint == null) {
            complaint = ofUnreduced(loss.unreduced(input, target));
        }
        if (complaint == null && expected.targetGradient != null) {
            complaint =
                    ofNumbers("target gradient", loss.targetGradient(input, target), expected.targetGradient, target);
        }
        return complaint;
    }

    private boolean isZeroByChoice() {
        return denominator == 0 && loss.getEmptyMean() == EmptyMean.ZERO;
    }

    private String ofValue(double value) {
        double wanted = isZeroByChoice() ? 0 : expected.sum() / denominator;
        // over a denominator of 0 torch's order of operations decides between NaN and infinity
        boolean near = denominator == 0
                ? isZeroByChoice() ? value == 0 : !Double.isFinite(value)
                : Nearness.isNear(
                        call.input().dataType(),
                        DataType.DOUBLE,
                        value,
                        wanted,
                        expected.sumOfTerms() / Math.abs(denominator));
        return near ? null : "value is " + value + ", plainly " + wanted;
    }

    private String ofUnreduced(INDArray unreduced) {
        String complaint = ofForm("unreduced", unreduced, call.input().dataType(), call.lossShape());
        if (complaint != null) {
            return complaint;
        }
        boolean perRow = call.hasLossPerRow();
        double[][] losses = perRow ? null : new PlainRows(call.shape()).of(unreduced);
        double[] flat = PlainRows.flat(unreduced);
        for (int r = 0; r < expected.losses.length; r++) {
            for (int c = 0; c < expected.losses[r].length; c++) {
                double ours = perRow ? flat[r] : losses[r][c];
                if (!Nearness.isNear(
                        call.input().dataType(),
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

    private static String ofForm(String what, INDArray array, DataType type, long... shape) {
        return array.dataType() == type && Arrays.equals(array.shape(), shape)
                ? null
                : what + " is " + array.dataType() + Arrays.toString(array.shape());
    }

    private String ofNumbers(String what, INDArray numbers, double[][] wanted, INDArray argument) {
        String complaint = ofForm(what, numbers, argument.dataType(), argument.shape());
        double[] ours = PlainRows.flat(numbers);
        PlainRows rows = new PlainRows(call.shape());
        double[] sums = rows.summed(wanted, argument.shape());
        double[] terms = rows.summed(expected.terms(), argument.shape());
        for (int i = 0; complaint == null && i < ours.length; i++) {
            boolean takesPart = terms[i] > 0 && !isZeroByChoice();
            boolean near = !takesPart
                    ? ours[i] == 0
                    : denominator == 0
                            ? !Double.isFinite(ours[i])
                            : Nearness.isNear(
                                    call.input().dataType(),
                                    argument.dataType(),
                                    ours[i],
                                    sums[i] / denominator,
                                    terms[i] / Math.abs(denominator));
            complaint = near
                    ? null
                    : what + "[" + i + "] is " + ours[i] + ", plainly " + (takesPart ? sums[i] / denominator : 0);
        }
        return complaint;
    }
}
