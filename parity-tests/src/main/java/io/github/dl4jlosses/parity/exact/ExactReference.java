/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.Ulps;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.exact.ExactLoss;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.ExactResult;

/**
 * A loss computed to 50 digits and more from its definition, with the options of a loss of this library but none of its
 * code.
 *
 * <p>The numbers of inputs, targets and options are taken as the doubles that they are. All must be finite.
 *
 * <pre>{@code
 * ExactResult exact = ExactReference.of(new CrossEntropyLoss())
 *         .evaluate(
 *                 TorchTensor.of(TorchType.FLOAT64, new double[] {0, 0, 0}, 1, 3),
 *                 TorchTensor.of(TorchType.INT64, new long[] {2}, 1));
 * exact.value(Reduction.MEAN).value(); // the logarithm of 3
 * }</pre>
 */
public final class ExactReference {
    private final ExactLoss loss;

    private ExactReference(ExactLoss loss) {
        this.loss = loss;
    }

    /** The definition of a loss with its options; its reduction plays no part. */
    public static ExactReference of(TorchLoss loss) {
        return new ExactReference(LossSpecs.of(loss).exactOf(loss));
    }

    /** The losses and gradients of a batch; an IllegalArgumentException where a number is not finite. */
    public ExactResult evaluate(TorchTensor input, TorchTensor target) {
        boolean numbers = target.type().isFloatingPoint();
        return loss.evaluate(
                input.toDoubles(),
                input.shape(),
                numbers ? target.toDoubles() : null,
                numbers ? null : target.toLongs());
    }

    /**
     * How far a result is from the exact one, in units in the last place of the exact value: 0.5 at most if it is
     * rounded to nearest.
     */
    public static double errorInUlps(ExactNumber exact, double result, TorchType type) {
        return exact.error(result) / Ulps.size(type, exact.value().doubleValue());
    }
}
