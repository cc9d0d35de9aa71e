/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import java.util.List;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;

/** Finds the number of outputs of a loss's layer. */
final class OutputCount {
    private OutputCount() {}

    /** The number, or 0 if it is not known, for instance if images are flattened into outputs. */
    static long of(LossPlace place, LossHolder holder) {
        if (holder.hasWeights()) {
            return holder.layer().getNOut();
        }
        List<Layer> below = place.below();
        int distance = 0;
        while (distance < below.size() && keepsTheirNumber(Layers.unwrapped(below.get(distance)))) {
            distance++;
        }
        Layer layer = distance == below.size() ? null : Layers.unwrapped(below.get(distance));
        return layer instanceof FeedForwardLayer
                        && place.preProcessorsAbove(distance).stream().allMatch(OutputCount::keepsTheirNumber)
                ? ((FeedForwardLayer) layer).getNOut()
                : 0;
    }

    private static boolean keepsTheirNumber(Layer layer) {
        return layer instanceof ActivationLayer || layer instanceof DropoutLayer;
    }

    private static boolean keepsTheirNumber(InputPreProcessor preProcessor) {
        return preProcessor instanceof RnnToFeedForwardPreProcessor
                || preProcessor instanceof FeedForwardToRnnPreProcessor;
    }
}
