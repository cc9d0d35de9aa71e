/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

/**
 * How the losses of single elements or rows become one number; torch's {@code reduction} argument.
 *
 * <p>torch's {@code reduction='none'} is the method {@link TorchLoss#unreduced}.
 *
 * <pre>{@code
 * INDArray logits = Nd4j.createFromArray(new double[][] {{0, 0}, {0, 0}});
 * INDArray target = Nd4j.createFromArray(new long[] {0, 1});
 * CrossEntropyLoss.builder().reduction(Reduction.SUM).build().value(logits, target); // 1.3862943611198906
 * }</pre>
 *
 * @since 0.1.0
 */
public enum Reduction {
    /** The sum divided by the loss's denominator, which each loss documents; torch's {@code 'mean'}, the default. */
    MEAN,
    /** The sum; torch's {@code 'sum'}. */
    SUM,
    /**
     * The sum divided by the number of examples, the first dimension of the input; torch's {@code 'batchmean'}, which
     * only its KLDivLoss offers. For losses of classes a single row (C) is one example. Masked and ignored examples add
     * nothing to the sum but are still counted: the scale of DL4J's cross entropies, with any mask.
     */
    BATCHMEAN
}
