/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.errors;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.GaussianNLLLoss;
import io.github.dl4jlosses.Variance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A variance that is none is named, in the words of torch's Python, and so is an input that is no pairs. */
class VarianceErrorsTest extends Refusals {
    private static final GaussianNLLLoss LOSS = new GaussianNLLLoss();

    @ParameterizedTest
    @ValueSource(doubles = {-1, -1e-30, Double.NEGATIVE_INFINITY})
    void aNegativeVarianceIsNamed(double variance) {
        INDArray input = matrix(new double[][] {{-1, -2, 1, 0}, {3, -4, 1, variance}});

        begins(LOSS, input, halves(2, 2), "var has negative entry/entries");
        refusedDirectly(LOSS, input, halves(2, 2), "input[1, 3] is " + variance, "variance(EXP)");
        refusedInANetwork(
                LOSS,
                halves(2, 2),
                input,
                IDENTITY,
                "var has negative entry/entries",
                "output layer, row 1, column 3 is " + variance);
    }

    @Test
    void negativeZeroAndNanAreNotNegative() {
        assertThat(LOSS.value(numbers(0, -0.0), numbers(0))).isEqualTo(Math.log(1e-6) / 2);
        assertThat(LOSS.value(numbers(0, Double.NaN), numbers(0))).isNaN();
    }

    @Test
    void aMaskedRowMayHoldNegativeVariances() {
        INDArray input = matrix(new double[][] {{1, 1}, {0, -1}});

        assertThat(LOSS.computeScore(column(1, 1), input, IDENTITY, column(1, 0), false))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"EXP", "SOFTPLUS"})
    void outputsThatBecomeVariancesMayBeNegative(Variance variance) {
        GaussianNLLLoss loss = GaussianNLLLoss.builder().variance(variance).build();

        assertThat(loss.value(numbers(0, -1), numbers(0))).isFinite();
    }

    @Test
    void anOddNumberOfOutputsIsRefused() {
        String[] words = {"must have an even number of outputs, a mean and a variance", "got 3"};
        refusedDirectly(LOSS, halves(2, 3), halves(2, 3), words);
        refusedDirectly(LOSS, halves(3), halves(1), words);
        refusedDirectly(LOSS, halves(2, 3, 4), halves(2, 1, 4), words);
        refusedInANetwork(LOSS, halves(2, 3), halves(2, 3), IDENTITY, words);
        refusedDirectly(LOSS, Nd4j.scalar(.5), Nd4j.scalar(.5), "must have an even number of outputs");
    }

    @Test
    void aTargetOfTheInputsShapeIsRefused() {
        refusedDirectly(
                LOSS, halves(2, 4), halves(2, 4), "The size of tensor a (2) must match the size of tensor b (4)");
    }

    @Test
    void truthValuesAreNotSubtracted() {
        begins(
                LOSS,
                halves(2),
                numbers(1).castTo(DataType.BOOL),
                "Subtraction, the `-` operator, with a bool tensor is not supported.");
    }
}
