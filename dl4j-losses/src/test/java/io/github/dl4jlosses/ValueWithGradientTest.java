/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The value has the same bits with the gradient and without it, also where the size of the gradient decides how it is made. */
class ValueWithGradientTest {
    /** exp(57.5646) is the largest sum of exponentials for which a gradient is made in float. */
    private static final double LARGEST_IN_FLOAT = Math.log(1e25);

    private static final int STEPS = 200;

    @ParameterizedTest
    @EnumSource(names = {"MEAN", "SUM"})
    void nearTheLimitOfTheFloatPath(Reduction reduction) {
        CrossEntropyLoss loss = CrossEntropyLoss.builder()
                .weight(0.375, 1.5625)
                .reduction(reduction)
                .targetFormat(TargetFormat.ONE_HOT)
                .build();
        INDArray oneHot = Nd4j.create(new double[] {1, 0, 0, 1}, new long[] {2, 2}, DataType.FLOAT);
        for (int i = 0; i < STEPS; i++) {
            double largest = LARGEST_IN_FLOAT + 4.0 * i / STEPS - 2;
            INDArray input = Nd4j.create(
                    new double[] {largest, largest - 3, largest - 7, largest}, new long[] {2, 2}, DataType.FLOAT);
            assertThat(loss.value(input, oneHot))
                    .as("value at %s", input)
                    .isEqualTo(loss.valueAndGradient(input, oneHot).value());
            ActivationIdentity identity = new ActivationIdentity();
            assertThat(loss.computeScore(oneHot, input, identity, null, true))
                    .as("score at %s", input)
                    .isEqualTo(loss.computeGradientAndScore(oneHot, input, identity, null, true)
                            .getFirst());
        }
    }

    /** The more rows, the smaller the scale of a mean's gradient, and the logits at the limit. */
    @Test
    void nearTheLimitOfTheFloatPathForManyRows() {
        int rows = 1_000;
        CrossEntropyLoss loss = new CrossEntropyLoss();
        INDArray target = Nd4j.zeros(DataType.INT64, rows);
        INDArray labels = target.reshape(rows, 1);
        for (int i = 0; i < STEPS; i++) {
            double largest = LARGEST_IN_FLOAT - Math.log(rows) * i / STEPS;
            INDArray input = Nd4j.valueArrayOf(new long[] {rows, 2}, largest, DataType.FLOAT);
            input.getColumn(1).subi(3);
            ActivationIdentity identity = new ActivationIdentity();
            assertThat(loss.value(input, target))
                    .as("value at %s", largest)
                    .isEqualTo(loss.valueAndGradient(input, target).value());
            assertThat(loss.computeScore(labels, input, identity, null, true))
                    .as("score at %s", largest)
                    .isEqualTo(loss.computeGradientAndScore(labels, input, identity, null, true)
                            .getFirst());
        }
    }
}
