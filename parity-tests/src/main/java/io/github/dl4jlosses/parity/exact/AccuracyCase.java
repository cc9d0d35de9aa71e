/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.function.Function;

/**
 * A loss on a batch of numbers whose accuracy is measured.
 *
 * @param family the loss with its options, such as {@code CE, smoothing, C=10}
 * @param spread how far apart the logits are, such as {@code N(0,1)}
 * @param loss the loss with a given reduction
 * @param input its input
 * @param target its target
 * @param isHard whether targets are 0 and 1 alone
 */
public record AccuracyCase(
        String family,
        String spread,
        Function<Reduction, TorchLoss> loss,
        TorchTensor input,
        TorchTensor target,
        boolean isHard) {

    /** The loss's name as torch has it, such as {@code CrossEntropyLoss}. */
    public String lossName() {
        return LossSpecs.of(loss.apply(Reduction.SUM)).lossName();
    }

    /** Whether gradients, or losses, are differences of numbers that do not belong together. */
    boolean isDifference(boolean gradient) {
        TorchLoss summed = loss.apply(Reduction.SUM);
        TargetForm form = target.type().isFloatingPoint() ? TargetForm.DENSE : TargetForm.INDEX;
        return !isHard && LossSpecs.of(summed).isDifference(summed, form, gradient);
    }

    /** Whether the target has a gradient: class indices have none, nor any target of some losses. */
    public boolean hasTargetGradient() {
        return target.type().isFloatingPoint()
                && LossSpecs.of(loss.apply(Reduction.SUM)).hasTargetGradient(TargetForm.DENSE);
    }
}
