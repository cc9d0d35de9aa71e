/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss and its gradient, from one pass over the data.
 *
 * <pre>{@code
 * LossAndGradient both = new CrossEntropyLoss().valueAndGradient(logits, target);
 * both.value();    // the mean over the targets
 * both.gradient(); // its derivative, of the shape of the logits
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
