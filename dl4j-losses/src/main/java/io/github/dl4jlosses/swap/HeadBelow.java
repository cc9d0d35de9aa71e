/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import java.util.List;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/**
 * Moves the softmax or sigmoid of a layer into the loss layer above it, which has an identity, as in imported Keras
 * models. The loss then gets logits, and the output of the network stays the same.
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
        Layer wrapped = distance == below.size() ? null : below.get(distance);
        Layer layer = wrapped == null ? null : Layers.unwrapped(wrapped);
        IActivation activation = layer == null ? null : Layers.activationOf(layer);
        String obstacle = activation == null || activation.getClass() != wanted
                ? absence(layer, activation)
                : obstacle(place, holder, wrapped, activation, distance);
        return new HeadBelow(holder, layer, activation, obstacle);
    }

    private static String absence(Layer layer, IActivation activation) {
        if (layer == null) {
            return "there is no layer right below";
        }
        return "the " + Layers.name(layer) + " below "
                + (activation == null ? "has no activation that could be moved" : "ends in activation " + activation);
    }

    private static boolean isIdentity(Layer layer) {
        return layer instanceof ActivationLayer
                && ((ActivationLayer) layer).getActivationFn() instanceof ActivationIdentity
                && layer.getIDropout() == null;
    }

    private static String obstacle(
            LossPlace place, LossHolder holder, Layer wrapped, IActivation activation, int distance) {
        String below = "activation " + activation + " of the " + Layers.name(Layers.unwrapped(wrapped)) + " below ";
        if (holder.layer().getIDropout() != null) {
            return below + "cannot be moved, because dropout follows it";
        }
        if (place.feedsOthers(distance)) {
            return below + "cannot be moved, because it feeds more than this output";
        }
        if (!place.preProcessorsAbove(distance).stream().allMatch(Layers::onlyReshapes)) {
            return below + "cannot be moved, because a preprocessor follows it that may change numbers";
        }
        return activation instanceof ActivationSoftmax
                ? obstacleOfSoftmax(below, holder.layer(), wrapped, place.preProcessorsAbove(distance))
                : null;
    }

    private static String obstacleOfSoftmax(
            String below, Layer lossLayer, Layer wrapped, List<InputPreProcessor> between) {
        if (between.isEmpty() && Layers.isMisread(lossLayer)) {
            // losses of single outputs add up to the same, but a softmax would run over the wrong numbers
            return below + "cannot be moved, because " + Layers.FRAMEWORK
                    + " reads the last dimension of this layer's format as another";
        }
        return runsOverRows(lossLayer, wrapped, between) ? null : below + "runs over another dimension than the loss";
    }

    /**
     * DL4J's softmax runs over the last dimension, which holds the classes if the data are rows or the format puts them
     * there.
     */
    private static boolean runsOverRows(Layer lossLayer, Layer wrapped, List<InputPreProcessor> between) {
        if (lossLayer instanceof RnnLossLayer) {
            return Layers.isTimeDistributed(wrapped)
                    ? between.isEmpty()
                    : between.size() == 1 && between.get(0) instanceof FeedForwardToRnnPreProcessor;
        }
        boolean channelsLast = lossLayer instanceof Cnn3DLossLayer
                && ((Cnn3DLossLayer) lossLayer).getDataFormat() == Convolution3D.DataFormat.NDHWC;
        return between.isEmpty() && (lossLayer instanceof LossLayer || channelsLast);
    }

    /** Why the activation cannot be moved, in words; null: it can. */
    String obstacle() {
        return obstacle;
    }

    /** What {@link #move} does, in words. */
    String words() {
        // DL4J masks the output of such a layer again, but never that of a sequence loss
        String masked = holder.layer() instanceof RnnLossLayer && layer instanceof DenseLayer
                ? ", but for steps under a mask of the features, which showed 0"
                : "";
        return "activation " + activation + " has been moved here from the " + Layers.name(layer)
                + " below, so that the loss gets logits; the output of the network stays the same" + masked + ". ";
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
