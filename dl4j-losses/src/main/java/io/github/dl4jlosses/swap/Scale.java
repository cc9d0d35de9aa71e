/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

/**
 * The scale of score and step after {@link LossSwap#swapAll}: torch's or DL4J's.
 *
 * <pre>{@code
 * LossSwap.swapAll(network, Scale.DL4J).get().fit(iterator); // learning rate, clipping and L2 mean what they did
 * }</pre>
 *
 * @since 0.1.0
 */
public enum Scale {
    /**
     * Torch's mean over the unmasked and kept rows, by class weights where torch uses them; for KLDivLoss its
     * batchmean. For sequences and images it is multiplied by the positions of an example, unless
     * {@code positionsPerExample} is set in the loss. The mean of an empty batch is 0
     * ({@link io.github.dl4jlosses.EmptyMean#ZERO}), so that a segment without labels does no harm.
     */
    TORCH,
    /**
     * The built-in's own scale: the unmasked losses are added up and divided by the number of examples, with any mask
     * of 0 and 1. Class weights do not enter the denominator; LossMSE and LossMAE also divide by the number of outputs.
     * No other setting of the program has to change.
     */
    DL4J
}
