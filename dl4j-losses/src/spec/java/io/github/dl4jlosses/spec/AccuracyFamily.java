/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import io.github.dl4jlosses.LossBuilder;

/**
 * Numbers for which accuracy is measured: a loss with options that change its arithmetic.
 *
 * @param <B> the loss's builder
 */
public final class AccuracyFamily<B extends LossBuilder<B>> {
    private final String words;
    private final Options<B> options;
    private final Inputs inputs;
    private final Targets targets;
    private final long[] row;
    private boolean odd;

    /** What sets the options of a loss of so many classes. */
    @FunctionalInterface
    public interface Options<B> {
        B on(B builder, int classes);
    }

    /** What the inputs are made of. */
    public enum Inputs {
        LOGITS,
        /** Of logits. */
        MAGNITUDES,
        /** Sigmoids of logits, as a network would hand them over. */
        SIGMOIDS,
        /** Rows of log-softmax. */
        LOG_SOFTMAX
    }

    /** What the targets are made of. */
    public enum Targets {
        INDICES,
        /** Lists of classes, ended by -1. */
        LISTS,
        /** 0 or 1. */
        HARD,
        /** 1 or -1. */
        SIGNS,
        /** 0 to 19. */
        COUNTS,
        /** From 0 to 1. */
        SOFT,
        /** Rows of softmax, every fourth one one-hot. */
        SOFTMAX,
        LOG_SOFTMAX,
        LOGITS
    }

    AccuracyFamily(String words, Options<B> options, Inputs inputs, Targets targets, long... row) {
        this.words = words;
        this.options = options;
        this.inputs = inputs;
        this.targets = targets;
        this.row = row;
    }

    /** The loss's short name with the options, such as {@code CE, smoothing, weights}. */
    public String words() {
        return words;
    }

    /** Sets the options for so many classes. */
    public B on(B builder, int classes) {
        return options.on(builder, classes);
    }

    public Inputs inputs() {
        return inputs;
    }

    public Targets targets() {
        return targets;
    }

    /** The shape of one example: (classes) or (classes, positions). */
    public long[] row() {
        return row.clone();
    }

    /** Measures also numbers of classes beside the widths of vectors. */
    public void atOddSizes() {
        odd = true;
    }

    public boolean isAtOddSizes() {
        return odd;
    }
}
