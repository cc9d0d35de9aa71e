/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import io.github.dl4jlosses.TorchLoss;
import java.util.Optional;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Swaps the loss of one output, in a configuration that may be changed. */
final class OutputSwap {
    private final LossPlace place;
    private final Scale scale;

    private OutputSwap(LossPlace place, Scale scale) {
        this.place = place;
        this.scale = scale;
    }

    /** Swaps if there is a counterpart, and reports what happened. */
    static Swapped.Output of(LossPlace place, Scale scale) {
        Optional<LossHolder> holder = place.holder();
        return holder.isPresent()
                ? new OutputSwap(place, scale).of(holder.get())
                : new Swapped.Output(
                        place.name(), null, null, place.kind() + " has no loss that can be chosen: left as it is.");
    }

    private Swapped.Output of(LossHolder holder) {
        ILossFunction before = holder.loss();
        if (before == null) {
            return new Swapped.Output(place.name(), null, null, place.kind() + " has no loss: left as it is.");
        }
        if (before instanceof TorchLoss) {
            return new Swapped.Output(
                    place.name(), before, (TorchLoss) before, "It is a loss of this library already: left as it is.");
        }
        Class<? extends IActivation> head = BuiltIns.head(before);
        IActivation activation = holder.layer().getActivationFn();
        if (!BuiltIns.hasCounterpart(before)) {
            return stays(before, WithoutCounterpart.reason(before));
        }
        long outputs = OutputCount.of(place, holder);
        if (scale == Scale.DL4J && outputs == 0 && Regressions.dividesByOutputs(before)) {
            return stays(before, Explanation.unknownOutputs(before));
        }
        String moved = "";
        if (head != null && (activation == null || activation.getClass() != head)) {
            if (holder.hasWeights() || !(activation instanceof ActivationIdentity)) {
                return stays(before, Explanation.otherActivation(before, activation, null));
            }
            HeadBelow below = HeadBelow.of(place, holder, head);
            if (below.obstacle() != null) {
                return stays(before, Explanation.otherActivation(before, activation, below.obstacle()));
            }
            below.move();
            moved = below.words();
        }
        boolean miniBatch = place.networkMiniBatch();
        holder.put(BuiltIns.scaled(before, scale, miniBatch, outputs), miniBatch);
        String explanation = moved + new Explanation(before, place.layer(), miniBatch, !moved.isEmpty()).swapped(scale);
        return new Swapped.Output(place.name(), before, (TorchLoss) holder.loss(), explanation);
    }

    private Swapped.Output stays(ILossFunction before, String reason) {
        return new Swapped.Output(place.name(), before, null, reason);
    }
}
