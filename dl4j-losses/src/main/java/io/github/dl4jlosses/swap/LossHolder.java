/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import io.github.dl4jlosses.TorchLoss;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The configuration of a layer whose loss the user chooses; DL4J has no common type for such layers. */
final class LossHolder {
    private final FeedForwardLayer layer;
    private final Supplier<ILossFunction> getter;
    private final Consumer<ILossFunction> setter;

    private LossHolder(FeedForwardLayer layer, Supplier<ILossFunction> getter, Consumer<ILossFunction> setter) {
        this.layer = layer;
        this.getter = getter;
        this.setter = setter;
    }

    /** The layer as a holder; empty if it has no loss, or a fixed one. */
    static Optional<LossHolder> of(Layer layer) {
        if (layer instanceof OCNNOutputLayer) {
            return Optional.empty(); // it has the field, but neither uses nor saves it
        }
        return Stream.of(
                        of(layer, BaseOutputLayer.class, BaseOutputLayer::getLossFn, BaseOutputLayer::setLossFn),
                        of(layer, LossLayer.class, LossLayer::getLossFn, LossLayer::setLossFn),
                        of(layer, RnnLossLayer.class, RnnLossLayer::getLossFn, RnnLossLayer::setLossFn),
                        of(layer, CnnLossLayer.class, CnnLossLayer::getLossFn, CnnLossLayer::setLossFn),
                        of(layer, Cnn3DLossLayer.class, Cnn3DLossLayer::getLossFn, Cnn3DLossLayer::setLossFn))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static <L extends FeedForwardLayer> Optional<LossHolder> of(
            Layer layer, Class<L> type, Function<L, ILossFunction> getter, BiConsumer<L, ILossFunction> setter) {
        return Optional.ofNullable(layer)
                .filter(type::isInstance)
                .map(type::cast)
                .map(holder -> new LossHolder(holder, () -> getter.apply(holder), loss -> setter.accept(holder, loss)));
    }

    FeedForwardLayer layer() {
        return layer;
    }

    ILossFunction loss() {
        return getter.get();
    }

    /** Whether the layer has weights, and so computes the pre-output itself. */
    boolean hasWeights() {
        return layer instanceof BaseOutputLayer;
    }

    /** Puts a loss in, after setting its {@code miniBatch} to that of the network. */
    void put(ILossFunction loss, boolean miniBatch) {
        setter.accept(
                loss instanceof TorchLoss
                        ? ((TorchLoss) loss).toBuilder().miniBatch(miniBatch).build()
                        : loss);
    }
}
