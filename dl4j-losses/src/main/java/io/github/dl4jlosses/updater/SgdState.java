/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The computation and state of {@link TorchSGD}. The first gradient enters the momentum whole: without dampening
 * because the buffer is 0 then; with dampening a count tells which gradients are the first.
 */
final class SgdState extends UpdaterState<TorchSGD> {
    private static final String BUFFER = "momentum_buffer";
    private static final String STARTED = "started";

    SgdState(TorchSGD config) {
        super(config, names(config));
    }

    private static String[] names(TorchSGD config) {
        if (config.getMomentum() == 0) {
            return new String[0];
        }
        return config.getDampening() == 0 ? new String[] {BUFFER} : new String[] {BUFFER, STARTED};
    }

    static int arrays(TorchSGD config) {
        return names(config).length;
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        TorchSGD config = getConfig();
        if (config.getMomentum() != 0) {
            double momentum = config.getMomentum(iteration, epoch);
            INDArray buffer = array(BUFFER, gradient);
            buffer.muli(momentum).addi(entering(gradient));
            if (config.isNesterov()) {
                gradient.addi(buffer.mul(momentum));
            } else {
                gradient.assign(buffer);
            }
        }
        gradient.muli(config.getLearningRate(iteration, epoch));
    }

    private INDArray entering(INDArray gradient) {
        double dampening = getConfig().getDampening();
        if (dampening == 0) {
            return gradient;
        }
        INDArray started = array(STARTED, gradient);
        INDArray entering = gradient.mul(started.mul(-dampening).addi(1));
        started.assign(1);
        return entering;
    }
}
