/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

/**
 * How {@link CrossEntropyLoss} and {@link NLLLoss} read a target.
 *
 * @since 0.1.0
 */
public enum TargetFormat {
    /**
     * As torch does: a target of the input's shape holds class probabilities ({@link NLLLoss}, which has no such form,
     * reads it as one-hot), any other holds class indices.
     */
    AUTO,
    /**
     * A target of the input's shape, each row with a single 1, that gets the semantics of class indices: weights enter
     * the denominator, {@code ignoreIndex} and smoothing apply, and a row of zeros is ignored.
     */
    ONE_HOT
}
