/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Rows know nothing of each other: a batch of thousands gives what its parts give. */
class LargeBatchTest {
    private static final int ROWS = 3000;
    private static final int CLASSES = 7;
    private static final int PART = 150;

    static Stream<Arguments> casesAndTypes() {
        return LossExample.all()
                .flatMap(loss -> Stream.of(DataType.DOUBLE, DataType.FLOAT).map(type -> Arguments.of(loss, type)));
    }

    @ParameterizedTest
    @MethodSource("casesAndTypes")
    void aLargeBatchGivesWhatItsPartsGive(LossExample example, DataType type) {
        Random random = new Random(1);
        TorchLoss loss = example.loss(CLASSES);
        INDArray input = example.input(random, type, ROWS, CLASSES);
        INDArray target = example.target(random, type, ROWS, CLASSES);
        // working arrays are kept: what another batch left in them must not serve for this one
        loss.value(input, example.target(random, type, ROWS, CLASSES));
        INDArray losses = loss.unreduced(input, target);
        INDArray gradient = sumsGradient(loss, input, target);
        double tolerance = type == DataType.FLOAT ? 1e-4 : 1e-11;
        for (int from = 0; from < ROWS; from += PART) {
            INDArray x = rows(input, from);
            INDArray t = rows(target, from);

            assertThat(rows(losses, from).equalsWithEps(loss.unreduced(x, t), tolerance))
                    .as("losses from row %d on", from)
                    .isTrue();
            assertThat(rows(gradient, from).equalsWithEps(sumsGradient(loss, x, t), tolerance))
                    .as("gradient from row %d on", from)
                    .isTrue();
        }
    }

    /** The memory behind an array belongs to others. */
    @Test
    void indicesBehindTheEndOfTheTargetAreNotRead() {
        INDArray memory = Nd4j.valueArrayOf(new long[] {2 * ROWS}, 99, DataType.INT64);
        INDArray target = memory.get(NDArrayIndex.interval(0, ROWS)).assign(1);

        assertThat(new CrossEntropyLoss().value(Nd4j.zeros(DataType.DOUBLE, ROWS, 2), target))
                .isCloseTo(Math.log(2), within(1e-12));
    }

    /** The gradient of the sum of the losses, whatever the denominator of the mean is. */
    private static INDArray sumsGradient(TorchLoss loss, INDArray input, INDArray target) {
        double sum = loss.unreduced(input, target)
                .castTo(DataType.DOUBLE)
                .sumNumber()
                .doubleValue();
        return loss.gradient(input, target).mul(sum / loss.value(input, target));
    }

    private static INDArray rows(INDArray array, int from) {
        INDArrayIndex[] indices = new INDArrayIndex[array.rank()];
        Arrays.fill(indices, NDArrayIndex.all());
        indices[0] = NDArrayIndex.interval(from, from + PART);
        return array.get(indices).dup();
    }
}
