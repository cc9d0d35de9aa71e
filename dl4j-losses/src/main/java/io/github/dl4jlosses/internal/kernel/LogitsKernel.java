/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * Binary cross entropy of logits: l = (1-y) softplus(x) + v y softplus(-x), with v the weight of positive targets.
 *
 * <p>torch forms (1-y) x + (1 + (v-1) y) softplus(-x), the same number with a cancellation; where the result is not
 * finite, its order of operations decides between NaN and infinity and is used as it stands.
 */
public final class LogitsKernel extends ElementKernel {
    private final double[] posWeight;

    /**
     * @param weight one number per output, one number for all, or null
     * @param posWeight likewise
     */
    public LogitsKernel(double[] weight, double[] posWeight) {
        super(weight);
        this.posWeight = posWeight;
    }

    @Override
    double loss(double x, double y, int output) {
        double v = numberOf(posWeight, output);
        double loss = (1 - y) * Sigmoid.softplus(x) + v * y * Sigmoid.softplus(-x);
        // outside [0, 1] the two terms have opposite signs, and torch's form is the better one
        return isFinite(loss) && y >= 0 && y <= 1 ? loss : (1 - y) * x + ((v - 1) * y + 1) * Sigmoid.softplus(-x);
    }

    @Override
    double gradient(double x, double y, int output) {
        double positive = numberOf(posWeight, output) * y;
        double gradient = (1 - y) * Sigmoid.of(x) - positive * Sigmoid.of(-x);
        return isFinite(gradient) ? gradient : (positive + 1 - y) * Sigmoid.of(x) - positive;
    }

    @Override
    double targetGradient(double x, double y, int output, double factor) {
        double gradient =
                posWeight == null ? -x : numberOf(posWeight, output) * Sigmoid.softplus(-x) - Sigmoid.softplus(x);
        return gradient * factor;
    }
}
