/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import io.github.dl4jlosses.TorchLoss;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * What a builder says of a layer. The fused layers are subclasses of DL4J's, whose constructors take DL4J's builders only, so
 * settings go from here to there.
 */
final class FusedSettings extends BaseOutputLayer {
    private static final long serialVersionUID = 1L;

    FusedSettings(BaseOutputLayer.Builder<?> builder) {
        super(builder);
        initializeConstraints(builder);
    }

    /** All that an output layer of DL4J has. */
    static void copy(BaseOutputLayer from, BaseOutputLayer to) {
        to.setLossFn(requireLoss(from.getLossFn()));
        to.setHasBias(from.hasBias());
        to.setNIn(from.getNIn());
        to.setNOut(from.getNOut());
        to.setTimeDistributedFormat(from.getTimeDistributedFormat());
        to.setActivationFn(from.getActivationFn());
        to.setWeightInitFn(from.getWeightInitFn());
        to.setBiasInit(from.getBiasInit());
        to.setGainInit(from.getGainInit());
        to.setRegularization(from.getRegularization());
        to.setRegularizationBias(from.getRegularizationBias());
        to.setIUpdater(from.getIUpdater());
        to.setBiasUpdater(from.getBiasUpdater());
        to.setWeightNoise(from.getWeightNoise());
        to.setGradientNormalization(from.getGradientNormalization());
        to.setGradientNormalizationThreshold(from.getGradientNormalizationThreshold());
        to.setLayerName(from.getLayerName());
        to.setIDropout(from.getIDropout());
        to.setConstraints(from.getConstraints());
    }

    /** Other losses do not say what they divide by before they have all outputs. */
    static ILossFunction requireLoss(ILossFunction loss) {
        if (!(loss instanceof TorchLoss)) {
            throw new IllegalArgumentException("a fused output layer takes a loss of this library, got "
                    + (loss == null ? null : loss.getClass().getSimpleName())
                    + "; LossSwap.swapAll puts them in the place of DL4J's own");
        }
        return loss;
    }

    static long requireChunk(long examples) {
        if (examples < 1) {
            throw new IllegalArgumentException("chunk must be at least 1 example, got " + examples);
        }
        return examples;
    }

    static long requireChunkFits(long chunk, ILossFunction loss) {
        if (chunk > 0 && ((TorchLoss) loss).hasLossPerSequence()) {
            throw new IllegalArgumentException(
                    "chunk cannot be set for " + loss.name() + ", which takes whole sequences; leave it out");
        }
        return chunk;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> trainingListeners,
            int layerIndex,
            INDArray layerParamsView,
            boolean initializeParams,
            DataType networkDataType) {
        throw new UnsupportedOperationException("settings are no layer");
    }

    @Override
    public ParamInitializer initializer() {
        return DefaultParamInitializer.getInstance();
    }
}
