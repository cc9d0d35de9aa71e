/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.digits;

/**
 * One step, side by side.
 *
 * @param loss of the batch before the step, in DL4J
 * @param torchLoss the same in torch
 * @param builtInLoss torch's loss, on the same batch, of the network that LossMCXENT trains
 * @param gradientDifference the largest between DL4J's and torch's gradients
 * @param weightDifference the largest between DL4J's and torch's parameters after the step
 * @param builtInWeightDifference the largest between the parameters under LossMCXENT and torch's after the step
 */
record Comparison(
        double loss,
        double torchLoss,
        double builtInLoss,
        double gradientDifference,
        double weightDifference,
        double builtInWeightDifference) {

    double lossDifference() {
        return Math.abs(loss - torchLoss);
    }
}
