/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.Ulps;
import io.github.dl4jlosses.parity.exact.ExactReference;
import io.github.dl4jlosses.parity.grid.GridCase;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import io.github.dl4jlosses.spec.exact.ExactResult;

/**
 * A result that is far from torch's, with the exact one beside it.
 *
 * @param example the case
 * @param result what of it
 * @param index where in it
 * @param ours our number
 * @param torch torch's
 * @param type the type of both
 * @param exact the number to 50 digits
 */
record WorstCase(
        GridCase example, String result, int index, double ours, double torch, TorchType type, ExactNumber exact) {

    /** A result with the exact one, which takes some time. */
    static WorstCase of(GridCase example, String result, int index, double ours, double torch) {
        Reduction reduction = example.loss().getReduction();
        ExactResult all = ExactReference.of(example.loss()).evaluate(example.torchInput(), example.torchTarget());
        ExactNumber exact = switch (result) {
            case "value" -> all.value(reduction);
            case "gradient" -> all.gradient(reduction).get(index);
            case "target gradient" -> all.targetGradient(reduction).get(index);
            default -> all.unreduced().get(index);
        };
        return new WorstCase(
                example, result, index, ours, torch, example.torchInput().type(), exact);
    }

    /** The call that makes the case. */
    String reproduction() {
        return example.reproduction();
    }

    /** The steps between ours and torch's. */
    long ulps() {
        return Ulps.distance(type, ours, torch);
    }
}
