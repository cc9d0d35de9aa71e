/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Adam at work: the means of the gradients and of their squares, torch's {@code exp_avg} and {@code exp_avg_sq}. */
final class AdamState extends UpdaterState<BaseAdam> {
    AdamState(BaseAdam config) {
        super(config);
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        BaseAdam config = getConfig();
        long n = gradient.length();
        INDArray mean = array(0, n);
        INDArray square = array(1, n);
        double step = (double) nextStep(2, n);
        // exp_avg.lerp_(g, 1 - beta1), which is mean + (g - mean) (1 - beta1)
        mean.addi(gradient.sub(mean).muli(1 - config.getBeta1()));
        square.muli(config.getBeta2()).addi(gradient.mul(gradient).muli(1 - config.getBeta2()));
        double meanCorrection = 1 - Math.pow(config.getBeta1(), step);
        double squareCorrection = 1 - Math.pow(config.getBeta2(), step);
        INDArray denominator =
                Transforms.sqrt(square, true).divi(Math.sqrt(squareCorrection)).addi(config.getEps());
        gradient.assign(mean).divi(denominator).muli(config.getLearningRate(iteration, epoch) / meanCorrection);
    }
}
