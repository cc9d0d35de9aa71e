/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.nd4j.linalg.activations.IActivation;

/** What a layer's configuration does not say by one method of its own. */
final class Layers {
    private Layers() {}

    /** The layer that does the work, under what freezes or wraps it. */
    static Layer unwrapped(Layer layer) {
        if (layer instanceof FrozenLayer) {
            return unwrapped(((FrozenLayer) layer).getLayer());
        }
        return layer instanceof BaseWrapperLayer ? unwrapped(((BaseWrapperLayer) layer).getUnderlying()) : layer;
    }

    /** Only of layers that end in it: a normalization has one too, and a recurrent layer multiplies by its gates. */
    static IActivation activationOf(Layer layer) {
        if (layer instanceof ActivationLayer) {
            return ((ActivationLayer) layer).getActivationFn();
        }
        return layer instanceof DenseLayer || layer instanceof ConvolutionLayer
                ? ((FeedForwardLayer) layer).getActivationFn()
                : null;
    }

    static String name(Layer layer) {
        return layer.getClass().getSimpleName();
    }

    /** Such as {@code softmax}. */
    static String nameOfActivation(Class<? extends IActivation> type) {
        return type.getSimpleName().replaceFirst("^Activation", "").toLowerCase(java.util.Locale.ROOT);
    }
}
