/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Configures the bias of a recurrent layer ported from torch, which has two biases there and moves both.
 *
 * @since 0.1.0
 */
public final class TwoBiases {

    private TwoBiases() {}

    /**
     * Sets the updater of the layer's bias if the settings have an updater of this package, see
     * {@link TorchUpdater#configureTwoBiases(BaseRecurrentLayer.Builder)}; otherwise the layer stays as it is.
     *
     * <pre>{@code
     * LSTM layer = TwoBiases.configure(settings, new LSTM.Builder().nIn(8).nOut(16)).build();
     * }</pre>
     *
     * @param <B> the kind of layer
     * @param settings the network's, with its updater
     * @param layer the layer's builder
     * @return the same builder
     * @throws IllegalArgumentException if an argument is null, or for a {@link TorchAdam} with weight decay
     */
    public static <B extends BaseRecurrentLayer.Builder<B>> B configure(
            NeuralNetConfiguration.Builder settings, B layer) {
        if (settings == null || layer == null) {
            throw new IllegalArgumentException((settings == null ? "settings" : "layer") + " must not be null");
        }
        IUpdater updater = settings.getIUpdater();
        return updater instanceof TorchUpdater ? ((TorchUpdater) updater).configureTwoBiases(layer) : layer;
    }
}
