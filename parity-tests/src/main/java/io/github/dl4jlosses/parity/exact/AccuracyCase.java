/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import java.util.function.Function;

/**
 * A loss on a batch of numbers whose accuracy is measured.
 *
 * @param family the name of the family of cases that it belongs to
 * @param loss the loss with a given reduction
 * @param input its input
 * @param target its target
 * @since 0.1.0
 */
public record AccuracyCase(String family, Function<Reduction, TorchLoss> loss, TorchTensor input, TorchTensor target) {

    /**
     * Whether the target has a gradient.
     *
     * @return false for class indices
     */
    public boolean hasTargetGradient() {
        return target.type().isFloatingPoint() && !(loss.apply(Reduction.SUM) instanceof NLLLoss);
    }
}
