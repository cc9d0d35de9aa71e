/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss and its gradient, from one pass over the data.
 *
 * <pre>{@code
 * INDArray logits = Nd4j.createFromArray(new double[][] {{0, 0}});
 * INDArray target = Nd4j.createFromArray(new long[] {0});
 * LossAndGradient both = new CrossEntropyLoss().valueAndGradient(logits, target);
 * both.value(); // 0.6931471805599453
 * both.gradient(); // [[-0.5, 0.5]]
 * }</pre>
 *
 * @since 0.1.0
 */
public final class LossAndGradient {
    private final double value;
    private final INDArray gradient;

    LossAndGradient(double value, INDArray gradient) {
        this.value = value;
        this.gradient = gradient;
    }

    /**
     * The reduced loss.
     *
     * @return the loss as a double that no dtype has rounded
     */
    public double value() {
        return value;
    }

    /**
     * The derivative of the reduced loss with respect to the input.
     *
     * @return an array of the input's shape and dtype, which belongs to the caller
     */
    public INDArray gradient() {
        return gradient;
    }

    @Override
    public String toString() {
        return "LossAndGradient(value=" + value + ", gradient=" + gradient + ")";
    }
}
