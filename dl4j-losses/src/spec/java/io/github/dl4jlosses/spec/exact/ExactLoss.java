/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.exact;

/**
 * A loss computed to 50 digits and more from its definition. The numbers of inputs, targets and options are taken as the
 * doubles that they are; all must be finite.
 */
public interface ExactLoss {
    /**
     * The losses and gradients of a batch.
     *
     * @param x inputs in row-major order
     * @param shape any shape that the loss takes
     * @param target a number for each input; null for class indices
     * @param classes an index for each row; null for numbers
     * @throws IllegalArgumentException where a number is not finite
     */
    ExactResult evaluate(double[] x, long[] shape, double[] target, long[] classes);
}
