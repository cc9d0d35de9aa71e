/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link TorchSGD} at work: the momentum, torch's {@code momentum_buffer}. */
final class SgdState extends UpdaterState<TorchSGD> {
    SgdState(TorchSGD config) {
        super(config);
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        TorchSGD config = getConfig();
        double momentum = config.getMomentum();
        if (momentum != 0) {
            INDArray buffer = array(0, gradient.length());
            if (nextStep(1, gradient.length()) == 1) {
                buffer.assign(gradient);
            } else {
                buffer.muli(momentum).addi(gradient.mul(1 - config.getDampening()));
            }
            if (config.isNesterov()) {
                gradient.addi(buffer.mul(momentum));
            } else {
                gradient.assign(buffer);
            }
        }
        gradient.muli(config.getLearningRate(iteration, epoch));
    }
}
