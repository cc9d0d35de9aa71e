/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import java.util.List;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/**
 * The softmax or sigmoid of a layer below a loss layer under identity, as imported Keras models have it. Moved into the
 * loss layer it gives the loss logits, and the output of the network stays the same.
 */
final class HeadBelow {
    private final LossHolder holder;
    private final Layer layer;
    private final IActivation activation;
    private final String obstacle;

    private HeadBelow(LossHolder holder, Layer layer, IActivation activation, String obstacle) {
        this.holder = holder;
        this.layer = layer;
        this.activation = activation;
        this.obstacle = obstacle;
    }

    /** Looks below a loss layer under identity for an activation of this class. */
    static HeadBelow of(LossPlace place, LossHolder holder, Class<? extends IActivation> wanted) {
        List<Layer> below = place.below();
        int distance = 0;
        while (distance < below.size() && isIdentity(below.get(distance))) {
            distance++;
        }
        Layer layer = distance == below.size() ? null : Layers.unwrapped(below.get(distance));
        IActivation activation = layer == null ? null : Layers.activationOf(layer);
        if (activation == null || activation.getClass() != wanted) {
            return new HeadBelow(
                    holder, layer, activation, "no layer below ends in " + Layers.nameOfActivation(wanted) + " either");
        }
        return new HeadBelow(holder, layer, activation, obstacle(place, holder, layer, activation, distance));
    }

    private static boolean isIdentity(Layer layer) {
        return layer instanceof ActivationLayer
                && ((ActivationLayer) layer).getActivationFn() instanceof ActivationIdentity
                && layer.getIDropout() == null;
    }

    private static String obstacle(
            LossPlace place, LossHolder holder, Layer layer, IActivation activation, int distance) {
        String below = "activation " + activation + " of the " + Layers.name(layer) + " below ";
        if (holder.layer().getIDropout() != null) {
            return below + "cannot be moved, for dropout follows it";
        }
        if (place.feedsOthers(distance)) {
            return below + "cannot be moved, for it feeds more than this output";
        }
        if (activation instanceof ActivationSoftmax
                && !runsOverRows(holder.layer(), place.preProcessorsAbove(distance))) {
            return below + "runs over another dimension than the loss";
        }
        return null;
    }

    /** DL4J's softmax runs over the last dimension, which holds the classes in arrays of rank 2 only. */
    private static boolean runsOverRows(Layer lossLayer, List<InputPreProcessor> between) {
        return lossLayer instanceof RnnLossLayer
                ? between.size() == 1 && between.get(0) instanceof FeedForwardToRnnPreProcessor
                : lossLayer instanceof LossLayer && between.isEmpty();
    }

    /** Why the activation cannot be moved, in words; null: it can. */
    String obstacle() {
        return obstacle;
    }

    /** What {@link #move} does, in words. */
    String words() {
        return "activation " + activation + " has been moved here from the " + Layers.name(layer)
                + " below, so that the loss gets logits; the output of the network stays the same. ";
    }

    /** Puts the activation into the loss layer, and an identity in its place. */
    void move() {
        if (layer instanceof ActivationLayer) {
            ((ActivationLayer) layer).setActivationFn(new ActivationIdentity());
        } else {
            ((BaseLayer) layer).setActivationFn(new ActivationIdentity());
        }
        holder.layer().setActivationFn(activation);
    }
}
