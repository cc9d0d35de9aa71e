/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.errors;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCELoss;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is no probability is named, in the input and in the target. */
class ProbabilityErrorsTest extends Refusals {
    private static final BCELoss BINARY = new BCELoss();
    private static final String OF_INPUT = "all elements of input should be between 0 and 1";
    private static final String OF_TARGET = "all elements of target should be between 0 and 1";

    static Stream<Arguments> outside() {
        return Stream.of(-0.1, 1.25, Double.NaN, Math.nextUp(1.0), -Double.MIN_VALUE, Double.POSITIVE_INFINITY)
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("outside")
    void aProbabilityOutsideOfZeroToOneIsNamed(double value) {
        INDArray input = halves(2, 3).putScalar(1, 2, value);

        refusedDirectly(BINARY, input, halves(2, 3), OF_INPUT, "input[1, 2] is " + value);
        refusedInANetwork(BINARY, halves(2, 3), input, IDENTITY, OF_INPUT, "row 1", "column 2", String.valueOf(value));
    }

    @ParameterizedTest
    @MethodSource("outside")
    void aTargetOutsideOfZeroToOneIsNamed(double value) {
        INDArray target = halves(2, 3).putScalar(1, 0, value);

        refusedDirectly(BINARY, halves(2, 3), target, OF_TARGET, "target[1, 0] is " + value);
        refusedInANetwork(BINARY, target, halves(2, 3), SIGMOID, OF_TARGET, "labels, row 1, column 0 is " + value);
    }

    @Test
    void aNanLogitUnderASigmoidIsAnInputOutOfRange() {
        refusedInANetwork(
                BINARY,
                halves(2, 3),
                halves(2, 3).putScalar(0, 1, Double.NaN),
                SIGMOID,
                OF_INPUT,
                "row 0",
                "column 1",
                "NaN");
    }

    @Test
    void aValueOutOfRangeIsFoundInTheLastOfManyRows() {
        INDArray input = halves(5000, 3).putScalar(4999, 2, 1.5);

        refusedDirectly(BINARY, input, halves(5000, 3), "input[4999, 2] is 1.5");
    }

    @Test
    void theBoundsThemselvesAreProbabilities() {
        assertThat(BINARY.value(numbers(0, 1), numbers(0, 1))).isZero();
    }

    @Test
    void maskedElementsMayHoldAnything() {
        INDArray labels = matrix(new double[][] {{Double.NaN, 1}, {0, 77}});
        INDArray preOutput = matrix(new double[][] {{Double.NaN, 0.5}, {0.5, -3}});
        INDArray mask = matrix(new double[][] {{0, 1}, {1, 0}});

        assertThat(BINARY.computeScore(labels, preOutput, IDENTITY, mask, false))
                // two rows times the mean of two losses of log 2
                .isEqualTo(2 * Math.log(2));
    }
}
