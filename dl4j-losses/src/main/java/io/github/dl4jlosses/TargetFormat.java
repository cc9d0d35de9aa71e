/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

/**
 * How {@link CrossEntropyLoss} and {@link NLLLoss} read a target.
 *
 * <pre>{@code
 * INDArray logits = Nd4j.createFromArray(new double[][] {{0, 0}, {0, 0}});
 * INDArray oneHot = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 0}});
 * CrossEntropyLoss.builder().targetFormat(TargetFormat.ONE_HOT).build().value(logits, oneHot); // 0.6931471805599453
 * }</pre>
 *
 * @since 0.1.0
 */
public enum TargetFormat {
    /**
     * As torch does: a target of the input's shape holds class probabilities, any other holds class indices.
     * {@link NLLLoss}, which takes no probabilities, reads a target of the input's shape as one-hot.
     */
    AUTO,
    /**
     * One-hot rows: a target of the input's shape with a single 1 in each row, treated as class indices. Weights enter
     * the denominator, {@code ignoreIndex} and smoothing apply, and a row of zeros is ignored.
     */
    ONE_HOT
}
