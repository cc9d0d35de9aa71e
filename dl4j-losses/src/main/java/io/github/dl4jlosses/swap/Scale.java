/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

/**
 * The scale of score and step that a swapped loss has; the argument of {@link LossSwap#swapAll}.
 *
 * <pre>{@code
 * LossSwap.swapAll(network, Scale.DL4J).get().fit(iterator); // learning rate, clipping and L2 mean what they did
 * }</pre>
 *
 * @since 0.1.0
 */
public enum Scale {
    /**
     * Torch's mean: divided by what takes part, class weights included where torch includes them; for KLDivLoss its batchmean.
     * For sequences and images it comes times the positions of an example, until the loss is told them. The mean of an empty batch
     * is 0, as {@link io.github.dl4jlosses.EmptyMean#ZERO} says, so that a segment without labels does no harm.
     */
    TORCH,
    /**
     * The built-in's own: the losses that take part are added up and divided by the number of examples, with any mask of 0 and 1; class weights do not enter the
     * denominator, and LossMSE and LossMAE divide by the number of outputs too. No other setting of the program has to change.
     */
    DL4J
}
