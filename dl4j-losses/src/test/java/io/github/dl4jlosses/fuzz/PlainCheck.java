/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.fuzz;

import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.plain.Nearness;
import io.github.dl4jlosses.spec.plain.PlainResult;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a loss gives beside the plain formulas: an AssertionError names the first number that is off, and the call. */
abstract class PlainCheck {
    final TorchLoss loss;
    final PlainResult expected;
    final DataType type;
    final double denominator;
    final double factor;
    private final Object call;

    PlainCheck(Object call, TorchLoss loss, PlainResult expected, DataType type, double denominator, double factor) {
        this.call = call;
        this.loss = loss;
        this.expected = expected;
        this.type = type;
        this.denominator = denominator;
        this.factor = factor * loss.getFactor();
    }

    final AssertionError wrong(String words) {
        return new AssertionError(words + " (" + call + ")");
    }

    final void leaves(PlacedArguments arguments) {
        if (!arguments.areUnchanged()) {
            throw wrong("an argument was changed");
        }
    }

    final void hasForm(String what, INDArray array, DataType wanted, long... shape) {
        if (array.dataType() != wanted || !Arrays.equals(array.shape(), shape)) {
            throw wrong(what + " is " + array.dataType() + Arrays.toString(array.shape()));
        }
    }

    /** A loss before it is reduced, whose terms are at most so large; the factor is still missing in both. */
    final void isNearLoss(String what, DataType result, double ours, double plain, double terms, int... place) {
        isNear(what, result, ours, plain * loss.getFactor(), terms * Math.abs(loss.getFactor()), place);
    }

    private void isNear(String what, DataType result, double ours, double wanted, double terms, int... place) {
        if (!Nearness.isNear(type, result, ours, wanted, terms)) {
            throw wrong(what, ours, wanted, place);
        }
    }

    /** A number of the reduced loss, by the sum that it comes from; 0 where nothing takes part in it. */
    final void isNearReduced(
            String what, DataType result, double ours, boolean takesPart, double sum, double terms, int... place) {
        boolean zero = !takesPart || (denominator == 0 && loss.getEmptyMean() == EmptyMean.ZERO);
        double wanted = zero ? 0 : sum / denominator * factor;
        // over a denominator of 0 torch's order of operations decides between NaN and infinity
        if (zero ? ours != 0 : (denominator == 0 && Double.isFinite(ours))) {
            throw wrong(what, ours, wanted, place);
        }
        if (!zero && denominator != 0) {
            isNear(what, result, ours, wanted, terms / Math.abs(denominator) * Math.abs(factor), place);
        }
    }

    private AssertionError wrong(String what, double ours, double wanted, int... place) {
        return wrong(what + Arrays.toString(place) + " is " + ours + ", plainly " + wanted);
    }
}
