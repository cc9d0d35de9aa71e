/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The computation and state of {@link TorchNAdam}. Each parameter has its own count of steps and product of momenta, as
 * in torch.
 */
final class NAdamState extends UpdaterState<TorchNAdam> {
    static final int ARRAYS = 4;

    private static final String MEAN = "exp_avg";
    private static final String SQUARE = "exp_avg_sq";
    private static final String STEP = "step";
    private static final String PRODUCT = "mu_product";

    /** The base of torch's formula. */
    private static final double BASE = 0.96;

    NAdamState(TorchNAdam config) {
        super(config, MEAN, SQUARE, STEP, PRODUCT);
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        TorchNAdam config = getConfig();
        double beta1 = config.getBeta1(iteration, epoch);
        double beta2 = config.getBeta2();
        INDArray mean = array(MEAN, gradient);
        INDArray square = array(SQUARE, gradient);
        INDArray product = array(PRODUCT, gradient);
        INDArray step = array(STEP, gradient);
        // new state is zero, but the product begins with 1
        product.addi(step.eq(0).castTo(product.dataType()));
        step.addi(1);
        AdamState.addToMean(mean, gradient, beta1);
        square.muli(beta2).addi(gradient.mul(gradient).muli(1 - beta2));
        // numbers of the step are doubles, as in torch: in float 1 - beta2^step loses its digits
        DataType type = gradient.dataType();
        INDArray count = step.castTo(DataType.DOUBLE);
        INDArray mu = momentum(beta1, count);
        INDArray next = momentum(beta1, count.add(1));
        INDArray products = product.castTo(DataType.DOUBLE).muli(mu);
        product.assign(products);
        INDArray correction = power(beta2, count).rsubi(1).castTo(type);
        INDArray ofGradient = mu.rsub(1).divi(products.rsub(1)).castTo(type);
        INDArray ofMean = next.div(products.mul(next).rsubi(1)).castTo(type);
        INDArray denominator = Transforms.sqrt(square.div(correction), false).addi(config.getEps());
        gradient.muli(ofGradient)
                .addi(mean.mul(ofMean))
                .divi(denominator)
                .muli(config.getLearningRate(iteration, epoch));
    }

    private INDArray momentum(double beta1, INDArray step) {
        return power(BASE, step.mul(getConfig().getMomentumDecay()))
                .muli(-0.5)
                .addi(1)
                .muli(beta1);
    }

    private static INDArray power(double base, INDArray exponent) {
        return Transforms.pow(Nd4j.valueArrayOf(exponent.shape(), base, exponent.dataType()), exponent, false);
    }
}
