/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.laws;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.Configuration;
import io.github.dl4jlosses.parity.grid.GridCase;
import io.github.dl4jlosses.parity.grid.Subject;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.memory.Layout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The same numbers give the same bits, whenever, from whichever thread and from whatever memory they come. */
class DeterminismTest {
    private static final long SEED = PrintedSeed.of(DeterminismTest.class);
    private static final int EVERY = 29;
    /** Which layout of the target each layout of the input meets. */
    private static final int[] SHIFTS = {0, 1, 3};

    static Stream<GridCase> cases() {
        Random random = new Random(SEED);
        return Configuration.grid(TorchType.FLOAT64, TorchType.FLOAT32, TorchType.FLOAT16, TorchType.BFLOAT16).stream()
                .filter(configuration -> random.nextInt(EVERY) == 0)
                .map(configuration -> GridCase.random(configuration, random.nextLong()));
    }

    private static long[] bits(GridCase example, INDArray input, INDArray target) {
        Subject subject = Subject.of(example.loss(), input, target, example.hasTargetGradient());
        double[] values = {subject.value(), example.loss().value(input, target)};
        return Stream.of(values, subject.gradient(), subject.unreduced(), subject.targetGradient())
                .flatMapToDouble(Arrays::stream)
                .mapToLong(Double::doubleToLongBits)
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void repeatedCallsGiveTheSameBits(GridCase example) {
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
    void everyMemoryLayoutGivesTheSameBits(GridCase example) {
        INDArray input = example.torchInput().toArray();
        INDArray target = example.target();
        long[] expected = bits(example, input, target);
        List<INDArray> sameInputs = layouts(input);
        List<INDArray> sameTargets = layouts(target);
        for (int i = 0; i < Layout.values().length; i++) {
            for (int shift : SHIFTS) {
                INDArray sameInput = sameInputs.get(i % sameInputs.size());
                INDArray sameTarget = sameTargets.get((i + shift) % sameTargets.size());
                assertThat(bits(example, sameInput, sameTarget))
                        .as("%s, input %s, target %s", example, strides(sameInput), strides(sameTarget))
                        .isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void neitherInputNorTargetIsChanged(GridCase example) {
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
                : Arrays.stream(Layout.values())
                        .map(layout -> layout.place(array).array())
                        .toList();
    }
}
