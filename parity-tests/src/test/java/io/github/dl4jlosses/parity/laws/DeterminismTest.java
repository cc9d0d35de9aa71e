/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.laws;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.PrintedSeed;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.Configuration;
import io.github.dl4jlosses.parity.grid.LossCase;
import io.github.dl4jlosses.parity.grid.Subject;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The same numbers give the same bits, whenever, from whichever thread and from whatever memory they come. */
class DeterminismTest {
    private static final long SEED = PrintedSeed.of(DeterminismTest.class);
    private static final int EVERY = 29;

    static Stream<LossCase> cases() {
        Random random = new Random(SEED);
        return Configuration.grid(TorchType.FLOAT64, TorchType.FLOAT32, TorchType.FLOAT16, TorchType.BFLOAT16).stream()
                .filter(configuration -> random.nextInt(EVERY) == 0)
                .map(configuration -> LossCase.random(configuration, random.nextLong()));
    }

    private static long[] bits(LossCase example, INDArray input, INDArray target) {
        Subject subject = Subject.of(example.loss(), input, target);
        DoubleStream results = DoubleStream.concat(
                DoubleStream.of(subject.value(), example.loss().value(input, target)),
                DoubleStream.concat(DoubleStream.of(subject.gradient()), DoubleStream.of(subject.unreduced())));
        if (example.hasTargetGradient()) {
            results = DoubleStream.concat(results, DoubleStream.of(subject.targetGradient()));
        }
        return results.mapToLong(Double::doubleToLongBits).toArray();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void repeatedCallsGiveTheSameBits(LossCase example) {
        long[] first = bits(example, example.input(), example.target());
        assertThat(bits(example, example.input(), example.target())).isEqualTo(first);
        List<long[]> concurrent = IntStream.range(0, 4)
                .parallel()
                .mapToObj(k -> bits(example, example.input(), example.target()))
                .toList();
        assertThat(concurrent).allSatisfy(bits -> assertThat(bits).isEqualTo(first));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyMemoryLayoutGivesTheSameBits(LossCase example) {
        INDArray input = example.torchInput().toArray();
        INDArray target = example.target();
        long[] expected = bits(example, input, target);
        for (INDArray sameInput : layouts(input)) {
            for (INDArray sameTarget : layouts(target)) {
                assertThat(bits(example, sameInput, sameTarget))
                        .as("%s, input %s, target %s", example, strides(sameInput), strides(sameTarget))
                        .isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void neitherInputNorTargetIsChanged(LossCase example) {
        INDArray input = example.input().dup();
        INDArray target = example.target().dup();
        bits(example, example.input(), example.target());
        assertThat(example.input()).isEqualTo(input);
        assertThat(example.target()).isEqualTo(target);
    }

    private static String strides(INDArray array) {
        return Arrays.toString(array.stride()) + array.ordering();
    }

    private static List<INDArray> layouts(INDArray array) {
        return array.rank() == 0
                ? List.of(array)
                : List.of(array.dup('c'), array.dup('f'), inside(array), transposed(array));
    }

    /** A view into a larger array of other numbers, with every second element along each dimension. */
    private static INDArray inside(INDArray array) {
        long[] larger = array.shape().clone();
        INDArrayIndex[] part = new INDArrayIndex[larger.length];
        for (int d = 0; d < larger.length; d++) {
            part[d] = NDArrayIndex.interval(1, 2, 1 + 2 * larger[d]);
            larger[d] = 2 * larger[d] + 1;
        }
        INDArray view = Nd4j.valueArrayOf(larger, 77.0, DataType.DOUBLE)
                .castTo(array.dataType())
                .get(part);
        view.assign(array);
        assertThat(view.shape()).containsExactly(array.shape());
        return view;
    }

    /** The dimensions of an array that is stored the other way round. */
    private static INDArray transposed(INDArray array) {
        int[] reversed =
                IntStream.range(0, array.rank()).map(d -> array.rank() - 1 - d).toArray();
        return array.permute(reversed).dup('c').permute(reversed);
    }
}
