/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.fuzz;

import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.spec.plain.PlainResult;
import io.github.dl4jlosses.spec.plain.PlainRows;
import io.github.dl4jlosses.spec.random.RandomCall;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** All that a direct call gives, beside the plain formulas. */
final class DirectCheck extends PlainCheck {
    private final RandomCall call;

    private DirectCheck(RandomCall call, PlainResult expected) {
        super(call, call.loss(), expected, call.input().dataType(), call.denominator(expected), 1);
        this.call = call;
    }

    static void run(long seed) {
        run(RandomCall.direct(seed), seed);
    }

    static void runLarge(long seed) {
        run(RandomCall.largeDirect(seed), seed);
    }

    /** The seed is that of the layouts. */
    private static void run(RandomCall call, long seed) {
        PlacedArguments arguments = new PlacedArguments(new Random(~seed));
        INDArray input = arguments.place(call.input());
        INDArray target = arguments.place(call.target());
        DirectCheck check = new DirectCheck(call, call.plainly());
        check.isRight(input, target);
        check.leaves(arguments);
    }

    private void isRight(INDArray input, INDArray target) {
        double value = loss.value(input, target);
        INDArray gradient = loss.gradient(input, target);
        LossAndGradient both = loss.valueAndGradient(input, target);
        isNearReduced("value", DataType.DOUBLE, value, true, expected.sum(), expected.sumOfTerms());
        if (Double.compare(both.value(), value) != 0) {
            throw wrong("valueAndGradient gives " + both.value() + ", value " + value);
        }
        PlainRows rows = new PlainRows(call.shape());
        areNear("gradient", gradient, rows, expected.gradient, input);
        areNear("gradient of both", both.gradient(), rows, expected.gradient, input);
        unreducedIsNear(loss.unreduced(input, target));
        if (expected.targetGradient != null) {
            areNear(
                    "target gradient",
                    loss.targetGradient(input, target),
                    new PlainRows(call.labelShape()),
                    expected.targetGradient,
                    target);
        }
    }

    private void unreducedIsNear(INDArray unreduced) {
        hasForm("unreduced", unreduced, type, call.lossShape());
        boolean perRow = call.hasLossPerRow();
        double[][] losses = perRow ? null : new PlainRows(call.labelShape()).of(unreduced);
        double[] flat = PlainRows.flat(unreduced);
        for (int r = 0; r < expected.losses.length; r++) {
            for (int c = 0; c < expected.losses[r].length; c++) {
                double ours = perRow ? flat[r] : losses[r][c];
                isNearLoss("unreduced", type, ours, expected.losses[r][c], expected.largestTerm[r], r, c);
            }
        }
    }

    private void areNear(String what, INDArray numbers, PlainRows rows, double[][] wanted, INDArray argument) {
        hasForm(what, numbers, argument.dataType(), argument.shape());
        double[] ours = PlainRows.flat(numbers);
        double[] sums = rows.summed(wanted, argument.shape());
        double[] terms = rows.summed(expected.terms(wanted), argument.shape());
        for (int i = 0; i < ours.length; i++) {
            isNearReduced(what, argument.dataType(), ours[i], terms[i] > 0, sums[i], terms[i], i);
        }
    }
}
