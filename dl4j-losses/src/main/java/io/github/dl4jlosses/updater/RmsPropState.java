/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The computation and state of {@link TorchRMSprop}. */
final class RmsPropState extends UpdaterState<TorchRMSprop> {
    private static final String SQUARE = "square_avg";
    private static final String MEAN = "grad_avg";
    private static final String BUFFER = "momentum_buffer";

    RmsPropState(TorchRMSprop config) {
        super(config, names(config));
    }

    static String[] names(TorchRMSprop config) {
        List<String> names = new ArrayList<>(List.of(SQUARE));
        if (config.isCentered()) {
            names.add(MEAN);
        }
        if (config.getMomentum() != 0) {
            names.add(BUFFER);
        }
        return names.toArray(new String[0]);
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        TorchRMSprop config = getConfig();
        double alpha = config.getAlpha();
        INDArray square = array(SQUARE, gradient);
        square.muli(alpha).addi(gradient.mul(gradient).muli(1 - alpha));
        INDArray variance = square;
        if (config.isCentered()) {
            INDArray mean = array(MEAN, gradient);
            AdamState.addToMean(mean, gradient, alpha);
            variance = square.sub(mean.mul(mean));
        }
        gradient.divi(Transforms.sqrt(variance, true).addi(config.getEps()));
        if (config.getMomentum() != 0) {
            INDArray buffer = array(BUFFER, gradient);
            buffer.muli(config.getMomentum(iteration, epoch)).addi(gradient);
            gradient.assign(buffer);
        }
        gradient.muli(config.getLearningRate(iteration, epoch));
    }
}
