/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.MultiMarginLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.TargetForm;
import io.github.dl4jlosses.spec.memory.FilledArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** NaN, infinities, rows that count for nothing, for the losses of rows: every corner as live torch has it. */
class SpecialRowsTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;
    private static final double[] NUMBERS = {0, 1, -1, 20, 1e4, -1e4, -INF, INF, NAN};
    private static final Reduction[] REDUCTIONS = {Reduction.SUM, Reduction.MEAN};

    static Stream<Arguments> lossesOfClasses() {
        return losses(TargetForm.INDEX);
    }

    /** Those that can be told to leave a row out. */
    static Stream<Arguments> lossesThatIgnore() {
        return lossesOfClasses().filter(arguments -> {
            LossSpec<?, ?> spec = (LossSpec<?, ?>) arguments.get()[0];
            return spec.ignoreIndexOf(spec.defaults()).isPresent();
        });
    }

    static Stream<Arguments> lossesOfProbabilities() {
        return losses(TargetForm.DENSE);
    }

    private static Stream<Arguments> losses(TargetForm form) {
        return LossSpecs.all().stream()
                .filter(spec -> spec.isPerRow() && spec.forms().contains(form))
                .flatMap(spec -> Stream.of(TorchType.FLOAT64, TorchType.FLOAT32).map(type -> Arguments.of(spec, type)));
    }

    /** Every mixture of special numbers, with every mixture of the options' extremes. */
    @ParameterizedTest
    @MethodSource("lossesOfClasses")
    void specialNumbersOfEachClass(LossSpec<?, ?> spec, TorchType type) {
        for (TorchLoss loss : atMixedExtremes(spec)) {
            for (int target = 0; target < 3; target++) {
                assertRowsEqualTorch(loss, type, indices(target, rows(spec).length / 3));
            }
        }
    }

    static Stream<Arguments> lossesOfLists() {
        return losses(TargetForm.LIST);
    }

    @ParameterizedTest
    @MethodSource("lossesOfLists")
    void specialNumbersAgainstLists(LossSpec<?, ?> spec, TorchType type) {
        long[][] lists = {{0, -1, -1}, {0, 1, -1}, {1, 1, 2}, {2, 1, 0}, {-1, 0, 1}, {0, -1, 2}};
        for (TorchLoss loss : atMixedExtremes(spec)) {
            for (long[] list : lists) {
                long[] all = new long[rows(spec).length];
                Arrays.setAll(all, i -> list[i % 3]);
                assertRowsEqualTorch(loss, type, TorchTensor.of(TorchType.INT64, all, all.length / 3, 3));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lossesOfLists")
    <B extends LossBuilder<B>> void singleListsAndNoLists(LossSpec<?, B> spec, TorchType type) {
        for (Reduction reduction : Reduction.values()) {
            TorchLoss loss = spec.builder().reduction(reduction).build();
            SpecialValuesTest.assertEqualsTorch(GridCase.of(
                    loss,
                    TorchTensor.of(type, new double[0], 0, 3),
                    TorchTensor.of(TorchType.INT64, new long[0], 0, 3)));
            SpecialValuesTest.assertEqualsTorch(GridCase.of(
                    loss,
                    TorchTensor.of(type, new double[] {1, 2, -1}, 3),
                    TorchTensor.of(TorchType.INT64, new long[] {0, 2, -1}, 3)));
            SpecialValuesTest.assertEqualsTorch(
                    GridCase.of(loss, TorchTensor.scalar(type, 2), TorchTensor.of(TorchType.INT64, new long[] {0}, 1)));
            SpecialValuesTest.assertEqualsTorch(GridCase.of(
                    loss,
                    TorchTensor.of(type, new double[] {1.5, -2}, 2, 1),
                    TorchTensor.of(TorchType.INT64, new long[] {0, -1}, 2, 1)));
        }
    }

    @ParameterizedTest
    @MethodSource("lossesOfProbabilities")
    void specialNumbersAgainstProbabilities(LossSpec<?, ?> spec, TorchType type) {
        double[][] targets = {{1, 0, 0}, {.25, .75, 0}, {.5, .25, .25}, {0, 0, 0}, {2, -1, 0}, {NAN, 0, 0}};
        for (TorchLoss loss : atMixedExtremes(spec)) {
            for (double[] target : targets) {
                double[] all = new double[rows(spec).length];
                Arrays.setAll(all, i -> target[i % 3]);
                assertRowsEqualTorch(loss, type, TorchTensor.of(type, all, all.length / 3, 3));
            }
        }
    }

    /** Rows of moderate numbers by themselves, so that there is a value. */
    @ParameterizedTest
    @MethodSource("lossesOfClasses")
    <B extends LossBuilder<B>> void infiniteWeights(LossSpec<?, B> spec, TorchType type) {
        double[][] weights = {{INF, 1, 2}, {1, INF, 0}, {-INF, 1, 1}, {INF, -INF, 1}, {INF, INF, INF}};
        for (B builder : spec.atMixedExtremes()) {
            for (double[] weight : weights) {
                for (Reduction reduction : REDUCTIONS) {
                    TorchLoss loss =
                            weighted(spec, builder, weight).reduction(reduction).build();
                    for (long target = 0; target < 3; target++) {
                        SpecialValuesTest.assertEqualsTorch(GridCase.of(
                                loss,
                                TorchTensor.of(type, new double[] {1, 2, -1}, 1, 3),
                                TorchTensor.of(TorchType.INT64, new long[] {target}, 1)));
                    }
                }
            }
        }
    }

    private static <B extends LossBuilder<B>> List<TorchLoss> atMixedExtremes(LossSpec<?, B> spec) {
        List<TorchLoss> losses = new ArrayList<>();
        for (Reduction reduction : REDUCTIONS) {
            spec.atMixedExtremes()
                    .forEach(builder -> losses.add(builder.reduction(reduction).build()));
        }
        return losses;
    }

    /** A denominator of 0, reached in each way that there is. */
    @ParameterizedTest
    @MethodSource("lossesThatIgnore")
    <B extends LossBuilder<B>> void meansOverNothing(LossSpec<?, B> spec, TorchType type) {
        TorchTensor input = TorchTensor.of(type, new double[] {1, 2, 3, -1, 0, 4}, 2, 3);
        long[][] targets = {{-100, -100}, {0, 2}, {0, -100}};
        double[][] weights = {{1, 1, 1}, {0, 1, 0}, {1, 2, -1}, {0, 0, 0}, {-1, 1, 1}};
        for (B builder : spec.atMixedExtremes()) {
            for (double[] weight : weights) {
                TorchLoss loss = weighted(spec, builder, weight).build();
                for (long[] target : targets) {
                    SpecialValuesTest.assertEqualsTorch(
                            GridCase.of(loss, input, TorchTensor.of(TorchType.INT64, target, 2)));
                }
            }
        }
    }

    private static <B extends LossBuilder<B>> B weighted(LossSpec<?, B> spec, B builder, double... weight) {
        spec.putWeights(builder, weight);
        return builder;
    }

    @ParameterizedTest
    @MethodSource("lossesOfClasses")
    <B extends LossBuilder<B>> void noRows(LossSpec<?, B> spec, TorchType type) {
        for (Reduction reduction : Reduction.values()) {
            SpecialValuesTest.assertEqualsTorch(GridCase.of(
                    spec.builder().reduction(reduction).build(),
                    TorchTensor.of(type, new double[0], 0, 3),
                    TorchTensor.of(TorchType.INT64, new long[0], 0)));
        }
    }

    /** With each option at its default and with all of them in use. */
    @ParameterizedTest
    @MethodSource("lossesOfClasses")
    void singleRowsAndSingleClasses(LossSpec<?, ?> spec, TorchType type) {
        TorchTensor row = TorchTensor.of(type, new double[] {1, 2, -1}, 3);
        assertEqualsTorch(spec, 3, row, TorchTensor.scalar(TorchType.INT64, 1));
        TorchTensor oneClass = TorchTensor.of(type, new double[] {1.5, -2}, 2, 1);
        assertEqualsTorch(spec, 1, oneClass, TorchTensor.of(TorchType.INT64, new long[] {0, 0}, 2));
    }

    @ParameterizedTest
    @MethodSource("lossesOfProbabilities")
    void probabilitiesOfASingleClass(LossSpec<?, ?> spec, TorchType type) {
        TorchTensor oneClass = TorchTensor.of(type, new double[] {1.5, -2}, 2, 1);
        assertEqualsTorch(spec, 1, oneClass, oneClass);
        TorchTensor single = TorchTensor.of(type, new double[] {1.5}, 1);
        assertEqualsTorch(spec, 1, single, single);
    }

    private static <B extends LossBuilder<B>> void assertEqualsTorch(
            LossSpec<?, B> spec, int classes, TorchTensor input, TorchTensor target) {
        TargetForm form = spec.formOf(target.type().isFloatingPoint());
        for (B builder : List.of(spec.builder(), spec.example(form, classes))) {
            SpecialValuesTest.assertEqualsTorch(GridCase.of(builder.build(), input, target));
        }
    }

    /** An index of shape (1) for an input of shape (1): cross entropy takes it for one-hot. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void likelihoodOfASingleNumber(TorchType type) {
        SpecialValuesTest.assertEqualsTorch(GridCase.of(
                new NLLLoss(),
                TorchTensor.of(type, new double[] {1.5}, 1),
                TorchTensor.of(TorchType.INT64, new long[] {0}, 1)));
    }

    /** A single row may have an index of either shape, and its loss has that shape too. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void aMarginOfASingleRowHasTheShapeOfItsIndex(TorchType type) {
        TorchLoss loss = new MultiMarginLoss();
        for (long[] shape : new long[][] {{}, {1}, {3}, {1, 3}}) {
            double[] scores = Arrays.copyOf(new double[] {.5, 1, -2}, FilledArray.size(shape));
            for (long[] index : new long[][] {{}, {1}}) {
                TorchTensor x = TorchTensor.of(type, scores, shape);
                TorchTensor t = TorchTensor.of(TorchType.INT64, new long[] {0}, index);
                SpecialValuesTest.assertEqualsTorch(GridCase.of(loss, x, t));
                assertThat(loss.unreduced(x.toArray(), t.toArray()).shape())
                        .isEqualTo(TorchReference.of(loss).unreduced(x, t).shape());
            }
        }
    }

    /** A wanted difference: torch multiplies the NaN by 0. */
    @Test
    void anIgnoredRowOfNaNHasGradientZero() {
        INDArray input = Nd4j.createFromArray(new double[][] {{NAN, INF}, {1, 2}});
        INDArray target = Nd4j.createFromArray(new long[] {-100, 1});
        INDArray gradient = new CrossEntropyLoss().gradient(input, target);
        assertThat(gradient.getRow(0).toDoubleVector()).containsExactly(0, 0);
        assertThat(gradient.getRow(1).toDoubleVector()).doesNotContain(0, NAN);
    }

    @ParameterizedTest
    @MethodSource("lossesThatIgnore")
    <B extends LossBuilder<B>> void anEmptyMeanIsZeroOnRequest(LossSpec<?, B> spec, TorchType type) {
        INDArray input = TorchTensor.of(type, new double[] {1, 2, 3, 4}, 2, 2).toArray();
        INDArray ignored = Nd4j.createFromArray(new long[] {-100, -100});
        INDArray kept = Nd4j.createFromArray(new long[] {0, 1});
        assertIsZero(weighted(spec, spec.builder(), 1, 1), input, ignored);
        assertIsZero(weighted(spec, spec.builder(), 0, 0), input, ignored);
        assertIsZero(weighted(spec, spec.builder(), 0, 0), input, kept);
    }

    private static <B extends LossBuilder<B>> void assertIsZero(B builder, INDArray input, INDArray target) {
        TorchLoss loss = builder.emptyMean(EmptyMean.ZERO).build();
        assertThat(loss.value(input, target)).isZero();
        assertThat(loss.gradient(input, target).toDoubleMatrix()).isDeepEqualTo(new double[2][2]);
    }

    /** Three numbers each, of those that the description is of. */
    private static double[] rows(LossSpec<?, ?> spec) {
        double[] numbers =
                Arrays.stream(NUMBERS).filter(spec.input()::describes).toArray();
        int n = numbers.length;
        double[] rows = new double[n * n * n * 3];
        for (int i = 0; i < n * n * n; i++) {
            rows[3 * i] = numbers[i / n / n];
            rows[3 * i + 1] = numbers[i / n % n];
            rows[3 * i + 2] = numbers[i % n];
        }
        return rows;
    }

    private static TorchTensor indices(long target, int n) {
        long[] indices = new long[n];
        Arrays.fill(indices, target);
        return TorchTensor.of(TorchType.INT64, indices, n);
    }

    private static void assertRowsEqualTorch(TorchLoss loss, TorchType type, TorchTensor target) {
        double[] rows = rows(LossSpecs.of(loss));
        SpecialValuesTest.assertEqualsTorch(GridCase.of(loss, TorchTensor.of(type, rows, rows.length / 3, 3), target));
    }
}
