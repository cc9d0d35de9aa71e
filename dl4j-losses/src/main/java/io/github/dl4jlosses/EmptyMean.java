/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

/**
 * The result of a mean whose denominator is 0: all rows ignored or masked, or weights that sum to 0.
 *
 * <pre>{@code
 * INDArray logits = Nd4j.createFromArray(new double[][] {{0, 0}});
 * INDArray ignored = Nd4j.createFromArray(new long[] {-100});
 * CrossEntropyLoss.builder().emptyMean(EmptyMean.ZERO).build().value(logits, ignored); // 0.0
 * }</pre>
 *
 * @since 0.1.0
 */
public enum EmptyMean {
    /** As torch: NaN, with gradient 0 at ignored and masked places. */
    NAN,
    /** Value 0 and gradient 0. */
    ZERO
}
