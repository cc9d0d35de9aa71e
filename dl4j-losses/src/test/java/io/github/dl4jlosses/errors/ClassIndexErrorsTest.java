/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.errors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TorchLoss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** An index that is no class is named, and where it stands. */
class ClassIndexErrorsTest extends Refusals {
    private static final NLLLoss LIKELIHOOD = new NLLLoss();
    private static final BCELoss BINARY = new BCELoss();

    @EachClassLoss
    void anIndexBeyondTheClassesIsNamedWithItsPlace(TorchLoss loss) {
        INDArray target = Nd4j.zeros(DataType.INT64, 20).putScalar(12, 7);

        refusedDirectly(
                loss,
                halves(20, 5),
                target,
                classes(loss).wrongClass(7),
                "target[12]",
                "the input has 5 classes",
                "allowed are 0 to 4",
                classes(loss).ignoreIndexOf(loss).isPresent() ? "ignoreIndex -100" : "target[12] is 7");
    }

    @EachClassLoss
    void theMessageStartsWithTorchs(TorchLoss loss) {
        begins(loss, halves(2, 5), indices(0, 7), classes(loss).wrongClass(7) + " (target[1]");
    }

    @EachLikelihood
    void thePlaceInASpatialTargetIsItsFullIndex(TorchLoss loss) {
        INDArray target = Nd4j.zeros(DataType.INT64, 2, 3, 4).putScalar(new long[] {1, 0, 2}, 9);

        refusedDirectly(loss, halves(2, 5, 3, 4), target, "Target 9 is out of bounds.", "target[1, 0, 2]", "5 classes");
    }

    @EachClassLoss
    void theFirstOfSeveralWrongIndicesIsNamed(TorchLoss loss) {
        refusedDirectly(loss, halves(4, 2), indices(0, 5, 6, 7), classes(loss).wrongClass(5), "target[1]");
    }

    @EachLikelihood
    void aNegativeIndexThatIsNotTheIgnoredOneIsRefused(TorchLoss loss) {
        refusedDirectly(loss, halves(2, 5), indices(-100, -1), "Target -1 is out of bounds.", "target[1]");
    }

    @EachClassLoss
    void inANetworkTheRowIsNamed(TorchLoss loss) {
        INDArray labels = column(0, 4, 5);

        refusedInANetwork(loss, labels, halves(3, 5), SOFTMAX, classes(loss).wrongClass(5), "row 2", "5 classes");
    }

    @EachClassLoss
    void anIndexThatIsNotWholeIsRefused(TorchLoss loss) {
        refusedDirectly(loss, halves(2, 5), numbers(1, 1.5), "1.5", "not a whole number", "target[1]");
        refusedInANetwork(loss, column(0, 1.5), halves(2, 5), SOFTMAX, "1.5", "not a whole number", "row 1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void anIndexThatIsNotFiniteIsRefused(double index) {
        classLosses().forEach(loss -> {
            refusedDirectly(loss, halves(2, 5), numbers(0, index), index + " is not a whole number", "target[1]");
            refusedInANetwork(loss, column(0, index), halves(2, 5), SOFTMAX, String.valueOf(index), "row 1");
        });
    }

    @EachClassLoss
    void aWholeNumberBeyondEveryLongIsNamedAsItIs(TorchLoss loss) {
        String words = takesPositions(loss) ? " is out of bounds." : "target out of range";
        refusedDirectly(loss, halves(2, 5), numbers(0, 1e300), words, "1.0E300", "target[1]");
        refusedDirectly(loss, halves(2, 5), numbers(0, 0x1p63), words, "9.223372036854776E18", "target[1]");
    }

    @EachClassLoss
    void anIndexThatADoubleCannotHoldIsNamedExactly(TorchLoss loss) {
        long index = (1L << 53) + 1;
        refusedDirectly(loss, halves(1, 5), indices(index), classes(loss).wrongClass(index), "9007199254740993");
    }

    @EachClassLoss
    void truthValuesAreNoIndices(TorchLoss loss) {
        refusedDirectly(loss, halves(2, 5), Nd4j.createFromArray(true, false), "Long", "Bool", "integer dtype");
    }

    @EachClassLoss
    void aMaskedRowMayHoldAnyIndex(TorchLoss loss) {
        INDArray labels = column(1, 77, Double.NaN, 1.5);
        INDArray mask = column(1, 0, 0, 0);

        assertThat(loss.computeScore(labels, halves(4, 5), SOFTMAX, mask, false))
                .isFinite();
    }

    /** The memory behind an array belongs to others. */
    @EachClassLoss
    void indicesBehindTheEndOfTheTargetAreNotRead(TorchLoss loss) {
        INDArray memory = Nd4j.valueArrayOf(new long[] {6000}, 99, DataType.INT64);
        INDArray target = memory.get(NDArrayIndex.interval(0, 3000)).assign(1);

        assertThat(loss.value(halves(3000, 2), target)).isCloseTo(loss.value(halves(1, 2), indices(1)), within(1e-12));
    }

    @Test
    void aSingleClassTakesASingleIndexOfRankOne() {
        assertThat(LIKELIHOOD.value(halves(1), zeros(1))).isEqualTo(-0.5);
    }

    @Test
    void whereThereIsOneColumnTheRowIsEnough() {
        refusedInANetwork(
                LIKELIHOOD, column(0, 4), halves(2, 3), SOFTMAX, "Target 4 is out of bounds. (labels, row 1; ");
        refusedInANetwork(BINARY, halves(2, 1), column(0.5, 1.5), IDENTITY, "(output layer, row 1 is 1.5)");
    }
}
