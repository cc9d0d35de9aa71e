/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.layer.FusedOutputLayer;
import io.github.dl4jlosses.layer.FusedRnnOutputLayer;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Replaces output layers by fused ones, in a configuration that may be changed. */
final class FusedOutputs {
    private FusedOutputs() {}

    /** Replaces each output layer that can be; refuses if none can, or if a loss must be swapped first. */
    static void putInto(List<LossPlace> places) {
        List<String> others = new ArrayList<>();
        for (LossPlace place : places) {
            String obstacle = obstacle(place);
            if (obstacle == null) {
                put(place);
            } else {
                others.add(place.description() + " " + obstacle);
            }
        }
        if (others.size() == places.size()) {
            throw new IllegalArgumentException("no output can be fused: " + String.join("; ", others));
        }
    }

    /** Why the output stays as it is, in words; null: it can be replaced. */
    private static String obstacle(LossPlace place) {
        Layer layer = place.layer();
        boolean replaceable = layer instanceof OutputLayer || layer instanceof RnnOutputLayer;
        if (!replaceable) {
            return "is neither an OutputLayer nor an RnnOutputLayer";
        }
        ILossFunction loss = ((BaseOutputLayer) layer).getLossFn();
        if (!(loss instanceof TorchLoss)) {
            throw new IllegalArgumentException(
                    place.description() + " cannot be fused: its loss must be one of this library, but is "
                            + (loss == null ? null : loss.getClass().getSimpleName())
                            + "; LossSwap.swapAll puts its counterpart in");
        }
        if (place.isFrozen()) {
            return "is frozen, and has no gradient";
        }
        return isPlain(layer) || isFused(layer) ? null : "is a subclass, which may compute something else";
    }

    private static boolean isPlain(Layer layer) {
        return layer.getClass() == OutputLayer.class || layer.getClass() == RnnOutputLayer.class;
    }

    private static boolean isFused(Layer layer) {
        return layer instanceof FusedOutputLayer || layer instanceof FusedRnnOutputLayer;
    }

    private static void put(LossPlace place) {
        Layer layer = place.layer();
        if (layer.getClass() == OutputLayer.class) {
            place.put(FusedOutputLayer.of((OutputLayer) layer));
        } else if (layer.getClass() == RnnOutputLayer.class) {
            place.put(FusedRnnOutputLayer.of((RnnOutputLayer) layer));
        }
    }
}
