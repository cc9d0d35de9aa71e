/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Keeps the running variance of DL4J's {@code BatchNormalization} as torch's {@code BatchNorm} does: from the unbiased
 * variance of each batch, n / (n - 1) times the biased one that DL4J uses.
 *
 * <p>It changes {@code output()} but not training, where both normalise a batch by its biased variance. DL4J's
 * {@code decay} is 1 minus torch's {@code momentum}. It works with and without {@code useLogStd}.
 *
 * <pre>{@code
 * net.setListeners(new TorchBatchNormListener(), new ScoreIterationListener(10));
 * }</pre>
 *
 * <p>Errors: {@link IllegalStateException} for a batch of one value per channel, whose unbiased variance does not exist;
 * torch refuses it as well. One object serves one network in one thread. Reference: torch.nn.BatchNorm1d to 3d, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchBatchNormListener extends BaseTrainingListener {
    /** The values per channel of the batch, by layer. */
    private final Map<String, Long> values = new HashMap<>();

    /** A listener for one network. */
    public TorchBatchNormListener() {}

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        // the input of the network comes first
        countValues(model, layer -> activations.get(layer.getIndex() + 1));
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        countValues(model, layer -> activations.get(LayersOfModel.nameOf(layer)));
    }

    private void countValues(Model model, Function<Layer, INDArray> output) {
        values.clear();
        for (Layer layer : LayersOfModel.of(model)) {
            if (isTrained(layer)) {
                long channels = ((BatchNormalization) configuration(layer)).getNOut();
                long n = output.apply(layer).length() / channels;
                if (n == 1) {
                    throw new IllegalStateException("Expected more than 1 value per channel when training. (layer '"
                            + LayersOfModel.key(model, layer)
                            + "' got a batch of one; its unbiased variance does not exist)");
                }
                values.put(LayersOfModel.key(model, layer), n);
            }
        }
    }

    @Override
    public void onGradientCalculation(Model model) {
        for (Layer layer : LayersOfModel.of(model)) {
            Long n = values.get(LayersOfModel.key(model, layer));
            if (n == null) {
                continue;
            }
            unbias(model, layer, (double) n / (n - 1));
        }
    }

    private static void unbias(Model model, Layer layer, double factor) {
        double decay = ((BatchNormalization) configuration(layer)).getDecay();
        String name = LayersOfModel.key(model, layer) + "_";
        INDArray update = model.gradient().getGradientFor(name + BatchNormalizationParamInitializer.GLOBAL_VAR);
        if (update != null) {
            // DL4J subtracts (1 - decay) (running - batch)
            INDArray running = layer.getParam(BatchNormalizationParamInitializer.GLOBAL_VAR);
            update.muli(factor).addi(running.mul((1 - decay) * (1 - factor)).reshape(update.shape()));
            return;
        }
        INDArray logUpdate = model.gradient().getGradientFor(name + BatchNormalizationParamInitializer.GLOBAL_LOG_STD);
        // DL4J subtracts u, the log10 of the old over the new standard deviation; the batch's share is then 10^(-2u) -
        // decay of the old variance
        double two = 2 * Math.log(10);
        INDArray quotient = Transforms.exp(logUpdate.mul(-two), false)
                .subi(decay)
                .muli(factor)
                .addi(decay);
        logUpdate.assign(Transforms.log(quotient, false).divi(-two));
    }

    /**
     * Whether a layer's statistics change in training. A frozen layer gives out the configuration of the layer inside,
     * but keeps its statistics.
     */
    private static boolean isTrained(Layer layer) {
        return configuration(layer) instanceof BatchNormalization
                && !(layer instanceof FrozenLayer || layer instanceof FrozenLayerWithBackprop);
    }

    private static org.deeplearning4j.nn.conf.layers.Layer configuration(Layer layer) {
        return layer.conf().getLayer();
    }
}
