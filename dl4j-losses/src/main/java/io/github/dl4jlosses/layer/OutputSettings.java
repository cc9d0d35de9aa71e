/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import io.github.dl4jlosses.TorchLoss;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Copies the settings of DL4J's output layers, and checks their loss. */
final class OutputSettings {
    private OutputSettings() {}

    /** Copies all settings into a layer whose loss must be of this library. */
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

    /** Other losses cannot tell their denominator before they have all outputs. */
    static ILossFunction requireLoss(ILossFunction loss) {
        if (!(loss instanceof TorchLoss)) {
            throw new IllegalArgumentException("a fused output layer takes a loss of this library, got "
                    + (loss == null ? null : loss.getClass().getSimpleName())
                    + "; LossSwap.swapAll puts them in the place of DL4J's own");
        }
        return loss;
    }
}
