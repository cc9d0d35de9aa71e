/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The computation and state of {@link TorchAdagrad}; each parameter has its own count of steps, as in torch. */
final class AdagradState extends UpdaterState<TorchAdagrad> {
    static final int ARRAYS = 2;

    private static final String SUM = "sum";
    private static final String STEP = "step";

    AdagradState(TorchAdagrad config) {
        super(config, SUM, STEP);
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        TorchAdagrad config = getConfig();
        INDArray sum = array(SUM, gradient);
        INDArray step = array(STEP, gradient);
        if (config.getInitialAccumulatorValue() != 0) {
            sum.addi(step.eq(0).castTo(sum.dataType()).muli(config.getInitialAccumulatorValue()));
        }
        sum.addi(gradient.mul(gradient));
        gradient.divi(Transforms.sqrt(sum, true).addi(config.getEps()))
                .divi(step.mul(config.getLrDecay()).addi(1))
                .muli(config.getLearningRate(iteration, epoch));
        step.addi(1);
    }
}
