/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.errors;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A row that is not one-hot is named with its number. */
class OneHotErrorsTest extends Refusals {
    private static final CrossEntropyLoss CROSS_ENTROPY = new CrossEntropyLoss();
    private static final NLLLoss LIKELIHOOD = new NLLLoss();

    static Stream<TorchLoss> oneHotLikelihoods() {
        return oneHotLosses().filter(Refusals::takesPositions);
    }

    static Stream<Arguments> lossesAndTypes() {
        return oneHotLosses()
                .flatMap(loss -> Stream.of(DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT16)
                        .map(type -> Arguments.of(loss, type)));
    }

    @ParameterizedTest
    @MethodSource("lossesAndTypes")
    void aOneHotRowWithAFractionIsNamed(TorchLoss oneHot, DataType type) {
        INDArray target = matrix(new double[][] {{0, 1}, {0.5, 0.5}}).castTo(type);

        refusedDirectly(
                oneHot, halves(2, 2), target, "one-hot target expected", "target[1, 0] is 0.5", "a single 1 and zeros");
        refusedInANetwork(
                oneHot, target, halves(2, 2), SOFTMAX, "one-hot target expected", "labels, row 1, column 0 is 0.5");
    }

    @ParameterizedTest
    @MethodSource("lossesAndTypes")
    void aOneHotRowWithTwoOnesIsNamed(TorchLoss oneHot, DataType type) {
        INDArray target = matrix(new double[][] {{0, 1, 0}, {1, 0, 1}}).castTo(type);

        refusedDirectly(oneHot, halves(2, 3), target, "target[1, 2] is 1.0, and so is target[1, 0]");
        refusedInANetwork(
                oneHot,
                target,
                halves(2, 3),
                SOFTMAX,
                "labels, row 1, column 2 is 1.0, and so is labels, row 1, column 0");
    }

    @ParameterizedTest
    @MethodSource("lossesAndTypes")
    void aOneHotRowWithNanIsNamed(TorchLoss oneHot, DataType type) {
        INDArray target = matrix(new double[][] {{1, Double.NaN}}).castTo(type);

        refusedDirectly(oneHot, halves(1, 2), target, "target[0, 1] is NaN");
    }

    @ParameterizedTest
    @MethodSource("lossesAndTypes")
    void theFirstRowThatIsNotOneHotIsNamedAmongThousands(TorchLoss oneHot, DataType type) {
        INDArray target = Nd4j.zeros(type, 3000, 7);
        target.getColumn(4).assign(1);
        target.putScalar(1234, 6, 3).putScalar(2999, 2, 5);

        refusedDirectly(oneHot, halves(3000, 7), target, "target[1234, 6] is 3.0");
    }

    @ParameterizedTest
    @MethodSource("lossesAndTypes")
    void aMaskedRowNeedNotBeOneHot(TorchLoss oneHot, DataType type) {
        INDArray labels = matrix(new double[][] {{0, 1}, {3, Double.NaN}}).castTo(type);
        INDArray mask = column(1, 0);

        double masked = oneHot.computeScore(labels, halves(2, 2), SOFTMAX, mask, false);

        assertThat(masked)
                .isPositive()
                // of two examples that DL4J counts
                .isEqualTo(2 * oneHot.computeScore(labels.getRows(0), halves(1, 2), SOFTMAX, null, false));
    }

    @ParameterizedTest
    @MethodSource("lossesAndTypes")
    void anEmptyBatchOfOneHotRowsHasASumOfZero(TorchLoss oneHot, DataType type) {
        TorchLoss sum = LossSpecs.of(oneHot)
                .without(oneHot, null, TargetForm.ONE_HOT)
                .reduction(Reduction.SUM)
                .build();

        assertThat(sum.value(Nd4j.zeros(DataType.DOUBLE, 0, 3), Nd4j.zeros(type, 0, 3)))
                .isZero();
        assertThat(oneHot.value(Nd4j.zeros(DataType.DOUBLE, 0, 3), Nd4j.zeros(type, 0, 3)))
                .isNaN();
        if (takesPositions(oneHot)) {
            assertThat(sum.value(Nd4j.zeros(DataType.DOUBLE, 3, 0), Nd4j.zeros(type, 3, 0)))
                    .as("rows without classes have no class")
                    .isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("oneHotLikelihoods")
    void aSpatialOneHotTargetIsNamedByItsIndex(TorchLoss oneHot) {
        INDArray target = Nd4j.zeros(DataType.DOUBLE, 2, 3, 4).putScalar(new long[] {1, 2, 3}, 0.5);

        refusedDirectly(oneHot, halves(2, 3, 4), target, "target[1, 2, 3]", "0.5");
    }

    @ParameterizedTest
    @MethodSource("oneHotLosses")
    void oneHotTargetsHaveTheInputsShape(TorchLoss oneHot) {
        refusedDirectly(oneHot, halves(2, 3), indices(0, 1), "one-hot target expected", "[2]", "[2, 3]");
        refusedInANetwork(
                oneHot,
                Nd4j.zeros(DataType.DOUBLE, 2, 1),
                halves(2, 3),
                SOFTMAX,
                "one-hot target expected",
                "[2, 1]",
                "[2, 3]");
    }

    @Test
    void theLikelihoodReadsATargetOfTheInputsShapeAsOneHot() {
        refusedDirectly(
                LIKELIHOOD,
                halves(1, 2),
                matrix(new double[][] {{0.5, 0.5}}),
                "one-hot target expected",
                "target[0, 0] is 0.5");
    }

    /** torch fills in NaN where the input has no elements, though there are rows to divide by. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.25})
    void probabilitiesOfNoClassesHaveNoMean(double smoothing) {
        CrossEntropyLoss loss =
                CrossEntropyLoss.builder().labelSmoothing(smoothing).build();

        assertThat(loss.value(halves(3, 0), halves(3, 0))).isNaN();
    }

    @Test
    void anIgnoredIndexThatIsAClassDoesNotGoWithProbabilities() {
        CrossEntropyLoss loss = CrossEntropyLoss.builder().ignoreIndex(0).build();

        refusedDirectly(
                loss,
                halves(2, 3),
                halves(2, 3),
                "ignore_index is not supported for floating point target",
                "ignoreIndex is 0",
                "ONE_HOT");
        refusedInANetwork(
                loss, halves(2, 3), halves(2, 3), SOFTMAX, "ignore_index is not supported", "ignoreIndex is 0");
    }

    @Test
    void anIntegerTargetOfTheInputsShapeIsTorchsError() {
        refusedDirectly(
                CROSS_ENTROPY,
                halves(2, 3),
                Nd4j.zeros(DataType.INT64, 2, 3),
                "Expected floating point type for target with class probabilities, got Long",
                "ONE_HOT");
    }
}
