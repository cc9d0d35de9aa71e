/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.shape.Arguments;

/**
 * The options that every loss has; each loss's builder adds its own.
 *
 * <pre>{@code
 * BCELoss.builder().reduction(Reduction.SUM).miniBatch(false).build();
 * }</pre>
 *
 * @param <B> the builder itself, so that calls chain
 * @since 0.1.0
 */
public abstract class LossBuilder<B extends LossBuilder<B>> {
    private Reduction reduction = Reduction.MEAN;
    private boolean miniBatch = true;
    private long positionsPerExample = 1;
    private EmptyMean emptyMean = EmptyMean.NAN;
    private double factor = 1;

    LossBuilder() {}

    /** Each builder names itself as its own type. */
    @SuppressWarnings("unchecked")
    final B self() {
        return (B) this;
    }

    /**
     * How the losses become one number.
     *
     * @param reduction {@link Reduction#MEAN} by default
     * @return this builder
     */
    public B reduction(Reduction reduction) {
        this.reduction = reduction;
        return self();
    }

    /**
     * Whether the network divides gradients by its minibatch size; set it as in the network's configuration.
     *
     * @param miniBatch true by default
     * @return this builder
     */
    public B miniBatch(boolean miniBatch) {
        this.miniBatch = miniBatch;
        return self();
    }

    /**
     * The positions per example: time steps, or height times width. It is used only with {@code miniBatch(true)} or
     * {@link Reduction#BATCHMEAN}.
     *
     * @param positionsPerExample 1 by default
     * @return this builder
     */
    public B positionsPerExample(long positionsPerExample) {
        this.positionsPerExample = positionsPerExample;
        return self();
    }

    /**
     * The mean of an empty batch.
     *
     * @param emptyMean {@link EmptyMean#NAN} by default
     * @return this builder
     */
    public B emptyMean(EmptyMean emptyMean) {
        this.emptyMean = emptyMean;
        return self();
    }

    /**
     * The factor of the loss, as in PyTorch's {@code 0.3 * loss1 + loss2}. It multiplies value, single losses and
     * gradients, with any reduction, weights and mask. A graph adds up the losses of its outputs; their factors weigh
     * them.
     *
     * @param factor 1 by default; any finite number
     * @return this builder
     */
    public B factor(double factor) {
        this.factor = factor;
        return self();
    }

    /**
     * Builds the loss.
     *
     * @return an immutable loss
     * @throws IllegalArgumentException where an option is out of range
     */
    public abstract TorchLoss build();

    final void validateCommon() {
        Arguments.requireNonNull(reduction, "reduction");
        Arguments.requireNonNull(emptyMean, "emptyMean");
        if (!Double.isFinite(factor)) {
            throw new IllegalArgumentException("factor must be a finite number, got " + factor);
        }
        if (positionsPerExample < 1) {
            throw new IllegalArgumentException("positionsPerExample must be at least 1, got " + positionsPerExample);
        }
    }

    final Reduction reduction() {
        return reduction;
    }

    final boolean miniBatch() {
        return miniBatch;
    }

    final long positionsPerExample() {
        return positionsPerExample;
    }

    final EmptyMean emptyMean() {
        return emptyMean;
    }

    final double factor() {
        return factor;
    }
}
