/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import java.util.Locale;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.nd4j.linalg.activations.IActivation;

/** Answers questions about layers that DL4J's configurations have no method for. */
final class Layers {
    static final String FRAMEWORK = "DL4J 1.0.0-M2.1";

    private Layers() {}

    /** The layer inside those that freeze or wrap it. */
    static Layer unwrapped(Layer layer) {
        if (layer instanceof FrozenLayer) {
            return unwrapped(((FrozenLayer) layer).getLayer());
        }
        return layer instanceof BaseWrapperLayer ? unwrapped(((BaseWrapperLayer) layer).getUnderlying()) : layer;
    }

    /**
     * The activation of a layer that ends in it. A normalization has one too, and a recurrent layer multiplies it by
     * its gates.
     */
    static IActivation activationOf(Layer layer) {
        if (layer instanceof ActivationLayer) {
            return ((ActivationLayer) layer).getActivationFn();
        }
        return layer instanceof DenseLayer || layer instanceof ConvolutionLayer
                ? ((FeedForwardLayer) layer).getActivationFn()
                : null;
    }

    /** Whether the layer makes a row of each time step. */
    static boolean isTimeDistributed(Layer layer) {
        return layer instanceof FrozenLayer
                ? isTimeDistributed(((FrozenLayer) layer).getLayer())
                : layer instanceof TimeDistributed;
    }

    /** Whether it is a loss layer with the classes in the last dimension, which DL4J expects in another. */
    static boolean isMisread(Layer layer) {
        return isMisreadSequence(layer) || isMisreadImage(layer);
    }

    /** Whether it is a loss layer for sequences that DL4J cannot train. */
    static boolean isMisreadSequence(Layer layer) {
        return layer instanceof RnnLossLayer && ((RnnLossLayer) layer).getRnnDataFormat() == RNNFormat.NWC;
    }

    /** Whether it is a loss layer for images whose score DL4J computes wrongly. */
    static boolean isMisreadImage(Layer layer) {
        return layer instanceof CnnLossLayer && ((CnnLossLayer) layer).getFormat() == CNN2DFormat.NHWC;
    }

    /** Whether it is an output layer for sequences or images, whose examples have many positions. */
    static boolean hasPositions(Layer layer) {
        return layer instanceof RnnOutputLayer
                || layer instanceof RnnLossLayer
                || layer instanceof CnnLossLayer
                || layer instanceof Cnn3DLossLayer;
    }

    /** Whether DL4J divides the score of a loss layer by the examples, even where the network divides nothing. */
    static boolean alwaysDividesScore(Layer layer) {
        return !(layer instanceof BaseOutputLayer) || layer instanceof CenterLossOutputLayer;
    }

    /**
     * Whether a preprocessor only changes shapes, as those of DL4J and its importer do; a user's own may do anything.
     */
    static boolean onlyReshapes(InputPreProcessor between) {
        if (between instanceof ComposableInputPreProcessor) {
            return Stream.of(((ComposableInputPreProcessor) between).getInputPreProcessors())
                    .allMatch(Layers::onlyReshapes);
        }
        String name = between.getClass().getPackageName();
        return name.startsWith("org.deeplearning4j.nn.conf.preprocessor")
                || name.startsWith("org.deeplearning4j.nn.modelimport.keras");
    }

    static String name(Layer layer) {
        return layer.getClass().getSimpleName();
    }

    /** Such as {@code softmax}. */
    static String nameOfActivation(Class<? extends IActivation> type) {
        return type.getSimpleName().replaceFirst("^Activation", "").toLowerCase(Locale.ROOT);
    }
}
