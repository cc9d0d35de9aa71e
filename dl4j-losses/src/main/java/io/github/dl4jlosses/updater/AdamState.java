/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The computation and state of Adam: the means of the gradients and of their squares, and each parameter's own count of
 * steps, as in torch. So the bias correction is right even for an updater set in a trained network, a network that has
 * lost its count, or a layer that was frozen for a while.
 */
final class AdamState extends UpdaterState<BaseAdam> {
    private static final String MEAN = "exp_avg";
    private static final String SQUARE = "exp_avg_sq";
    private static final String STEP = "step";
    private static final String LARGEST = "max_exp_avg_sq";

    /** In float16, one more than this number is this number again. */
    private static final double LAST_IN_FLOAT16 = 2048;

    AdamState(BaseAdam config) {
        super(config, names(config));
    }

    static String[] names(BaseAdam config) {
        return config.isAmsgrad() ? new String[] {MEAN, SQUARE, LARGEST, STEP} : new String[] {MEAN, SQUARE, STEP};
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        BaseAdam config = getConfig();
        INDArray mean = array(MEAN, gradient);
        INDArray square = array(SQUARE, gradient);
        double beta1 = config.getBeta1(iteration, epoch);
        addToMean(mean, gradient, beta1);
        square.muli(config.getBeta2()).addi(gradient.mul(gradient).muli(1 - config.getBeta2()));
        INDArray denominator = Transforms.sqrt(config.isAmsgrad() ? largest(square, gradient) : square, true);
        INDArray step = count(gradient, iteration);
        double lr = config.getLearningRate(iteration, epoch);
        double first = step.minNumber().doubleValue();
        if (first == step.maxNumber().doubleValue()) {
            double root = Math.sqrt(1 - Math.pow(config.getBeta2(), first));
            denominator.divi(root).addi(config.getEps());
            gradient.assign(mean).divi(denominator).muli(lr / (1 - Math.pow(beta1, first)));
        } else {
            INDArray root = Transforms.sqrt(correction(config.getBeta2(), step), false);
            denominator.divi(root).addi(config.getEps());
            gradient.assign(mean)
                    .divi(denominator)
                    .divi(correction(beta1, step))
                    .muli(lr);
        }
    }

    private INDArray largest(INDArray square, INDArray gradient) {
        INDArray largest = array(LARGEST, gradient);
        return largest.assign(Transforms.max(largest, square, true));
    }

    /** torch's {@code lerp_}, which has two forms so that both ends are exact. */
    static void addToMean(INDArray mean, INDArray gradient, double beta) {
        INDArray difference = gradient.sub(mean);
        if (1 - beta < 0.5) {
            mean.addi(difference.muli(1 - beta));
        } else {
            mean.assign(gradient).subi(difference.muli(beta));
        }
    }

    /** The count of steps; where float16 cannot count any further, that of the network. */
    private INDArray count(INDArray gradient, int iteration) {
        INDArray step = array(STEP, gradient).addi(1);
        boolean isStuck =
                step.dataType() == DataType.FLOAT16 && step.maxNumber().doubleValue() >= LAST_IN_FLOAT16;
        return isStuck
                ? Nd4j.valueArrayOf(step.shape(), Math.max(LAST_IN_FLOAT16, iteration + 1.0), DataType.FLOAT16)
                : step;
    }

    /** 1 - beta^step. */
    private static INDArray correction(double beta, INDArray step) {
        return Transforms.pow(Nd4j.valueArrayOf(step.shape(), beta, step.dataType()), step, false)
                .rsubi(1);
    }
}
