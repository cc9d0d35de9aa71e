/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.Ulps;
import io.github.dl4jlosses.parity.exact.ExactLoss;
import io.github.dl4jlosses.parity.exact.ExactNumber;
import io.github.dl4jlosses.parity.exact.ExactResult;
import io.github.dl4jlosses.parity.grid.LossCase;

/**
 * A result that is far from torch's, with the exact one beside it.
 *
 * @param example the case
 * @param result what of it
 * @param index where in it
 * @param ours our number
 * @param torch torch's
 * @param type the type of both
 */
record WorstCase(LossCase example, String result, int index, double ours, double torch, TorchType type) {

    /** The steps between ours and torch's. */
    long ulps() {
        return Ulps.distance(type, ours, torch);
    }

    /** To 50 digits. */
    ExactNumber exact() {
        Reduction reduction = example.loss().getReduction();
        ExactResult exact = ExactLoss.of(example.loss()).evaluate(example.torchInput(), example.torchTarget());
        return switch (result) {
            case "value" -> exact.value(reduction);
            case "gradient" -> exact.gradient(reduction).get(index);
            case "target gradient" -> exact.targetGradient(reduction).get(index);
            default -> exact.unreduced().get(index);
        };
    }
}
