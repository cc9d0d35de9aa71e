/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.InputRange;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.TargetForm;
import io.github.dl4jlosses.spec.memory.FilledArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * NaN, infinities, saturation, subnormals, nothing at all, for the losses of single numbers: every corner as live torch has
 * it.
 */
class SpecialValuesTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    /** A sum of more is infinite in float16. */
    private static final double MODERATE = 100;

    private static final TorchType[] TYPES = {
        TorchType.FLOAT64, TorchType.FLOAT32, TorchType.FLOAT16, TorchType.BFLOAT16
    };

    static Stream<Arguments> elementLosses() {
        return LossSpecs.all().stream()
                .filter(spec -> !spec.isPerRow())
                .flatMap(spec -> Arrays.stream(TYPES).map(type -> Arguments.of(spec, type)));
    }

    /** Every extreme number with every extreme target, and every extreme value of each option. */
    @ParameterizedTest
    @MethodSource("elementLosses")
    <B extends LossBuilder<B>> void extremeNumbers(LossSpec<?, B> spec, TorchType type) {
        for (TorchLoss loss : atExtremes(spec)) {
            double[][] inputs = extremes(spec, loss);
            double[] targets = spec.targetsOf(loss).extremes();
            assertEqualsTorch(loss, type, inputs, targets);
            // so that there is a value
            double[][] moderate =
                    Arrays.stream(inputs).map(SpecialValuesTest::moderate).toArray(double[][]::new);
            assertEqualsTorch(loss, type, moderate, moderate(targets));
        }
    }

    /** Of each of the outputs that a label has. */
    private static double[][] extremes(LossSpec<?, ?> spec, TorchLoss loss) {
        int outputs = spec.outputsPerLabel();
        return IntStream.range(0, outputs)
                .mapToObj(output -> spec.inputAt(loss, output, 1, outputs).extremes())
                .toArray(double[][]::new);
    }

    private static <B extends LossBuilder<B>> List<TorchLoss> atExtremes(LossSpec<?, B> spec) {
        List<TorchLoss> losses = new ArrayList<>();
        for (B builder : spec.atExtremes()) {
            for (Reduction reduction : Reduction.values()) {
                losses.add(builder.reduction(reduction).build());
            }
        }
        return losses;
    }

    private static double[] moderate(double... numbers) {
        return Arrays.stream(numbers).filter(x -> Math.abs(x) <= MODERATE).toArray();
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void anInfiniteWeightOfPositiveTargets(TorchType type) {
        TorchLoss loss = BCEWithLogitsLoss.builder()
                .posWeight(INF)
                .reduction(Reduction.SUM)
                .build();
        double[] targets = LossSpecs.of(loss).targetsOf(loss).extremes();
        assertEqualsTorch(loss, type, whereNoExponentialUnderflows(), targets);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void infiniteTargetsOfLogits(TorchType type) {
        for (TorchLoss loss : atExtremes(LossSpecs.of(new BCEWithLogitsLoss()))) {
            for (double target : new double[] {INF, -INF}) {
                assertEqualsTorch(loss, type, whereNoExponentialUnderflows(), new double[] {target});
                // so that there is a value
                for (double input : new double[] {1, -50, INF}) {
                    assertEqualsTorch(loss, type, new double[] {input}, new double[] {target});
                }
            }
        }
    }

    /** An infinite factor makes NaN of a 0 that only torch has. */
    private static double[] whereNoExponentialUnderflows() {
        return Arrays.stream(InputRange.ANY.extremes())
                .filter(x -> !(Math.abs(x) > 700 && Math.abs(x) < 800))
                .toArray();
    }

    static Stream<LossSpec<?, ?>> denseLosses() {
        return LossSpecs.all().stream().filter(spec -> spec.forms().contains(TargetForm.DENSE));
    }

    @ParameterizedTest
    @MethodSource("denseLosses")
    <B extends LossBuilder<B>> void emptyInputs(LossSpec<?, B> spec) {
        for (TorchType type : TYPES) {
            for (long[] shape : new long[][] {{0}, {0, 3}, {2, 0}, {0, 3, 2}, {2, 3, 0}, {2, 0, 3}}) {
                if (shape.length > spec.mostDimensions()) {
                    continue;
                }
                TorchTensor empty = TorchTensor.of(type, new double[0], spec.inputShape(shape));
                TorchTensor target = TorchTensor.of(type, new double[0], shape);
                for (Reduction reduction : Reduction.values()) {
                    assertEqualsTorch(
                            GridCase.of(spec.builder().reduction(reduction).build(), empty, target));
                }
            }
        }
    }

    static Stream<LossSpec<?, ?>> lossesOfFiniteNumbers() {
        return LossSpecs.all().stream().filter(spec -> !spec.input().describes(INF));
    }

    /** A wanted difference: what torch has NaN for goes on as it does for large numbers. */
    @ParameterizedTest
    @MethodSource("lossesOfFiniteNumbers")
    void infiniteNumbersAreTorchsOrTheirLimit(LossSpec<?, ?> spec) {
        for (Reduction reduction : Reduction.values()) {
            TorchLoss loss = spec.builder().reduction(reduction).build();
            TorchReference reference = TorchReference.of(loss);
            for (double infinite : new double[] {INF, -INF}) {
                for (double truth : new double[] {0, .25, 1}) {
                    TorchTensor x = TorchTensor.of(TorchType.FLOAT64, new double[] {infinite}, 1, 1);
                    TorchTensor large =
                            TorchTensor.of(TorchType.FLOAT64, new double[] {Math.copySign(1000, infinite)}, 1, 1);
                    TorchTensor t = TorchTensor.of(TorchType.FLOAT64, new double[] {truth}, 1, 1);
                    TorchResult theirs = reference.evaluate(x, t, false);
                    TorchResult limit = reference.evaluate(large, t, false);
                    LossAndGradient ours = loss.valueAndGradient(x.toArray(), t.toArray());
                    String words = loss + " of " + infinite + " and " + truth;
                    assertIsTorchsOr(words, ours.value(), theirs.value(), limit.value());
                    assertIsTorchsOr(words, ours.gradient().getDouble(0), theirs.gradient("x"), limit.gradient("x"));
                }
            }
        }
    }

    private static void assertIsTorchsOr(String words, double ours, TorchTensor torch, TorchTensor limit) {
        double expected = Double.isNaN(torch.item()) ? limit.item() : torch.item();
        assertThat(Closeness.isClose(TorchType.FLOAT64, ours, expected, 1))
                .as("%s: %s instead of %s", words, ours, expected)
                .isTrue();
    }

    static Stream<Arguments> lossesOfSingleNumbers() {
        return LossSpecs.all().stream()
                .filter(spec -> !spec.takesRows())
                .flatMap(spec -> Arrays.stream(TYPES).map(type -> Arguments.of(spec, type)));
    }

    /** Without a dimension, with each option at its default and with all of them in use. */
    @ParameterizedTest
    @MethodSource("lossesOfSingleNumbers")
    <B extends LossBuilder<B>> void singleNumbers(LossSpec<?, B> spec, TorchType type) {
        for (B builder : List.of(spec.builder(), spec.example(TargetForm.DENSE, 1))) {
            for (Reduction reduction : Reduction.values()) {
                for (double target : new double[] {.25, 1}) {
                    assertEqualsTorch(GridCase.of(
                            builder.reduction(reduction).build(),
                            TorchTensor.scalar(type, .25),
                            TorchTensor.scalar(type, target)));
                }
            }
        }
    }

    static Stream<LossSpec<?, ?>> broadcastingLosses() {
        return LossSpecs.all().stream().filter(LossSpec::broadcasts);
    }

    @ParameterizedTest
    @MethodSource("broadcastingLosses")
    <B extends LossBuilder<B>> void shapesThatBroadcast(LossSpec<?, B> spec) {
        long[][][] shapes = {
            {{2, 3}, {3}},
            {{3}, {2, 3}},
            {{2, 1}, {1, 3}},
            {{2, 3}, {}},
            {{}, {2, 3}},
            {{2, 1, 4}, {3, 1}},
            {{0, 3}, {3}},
            {{1}, {0}}
        };
        for (TorchType type : new TorchType[] {TorchType.FLOAT64, TorchType.FLOAT32}) {
            for (long[][] pair : shapes) {
                for (TorchLoss loss : atExtremes(spec)) {
                    assertEqualsTorch(GridCase.of(loss, ramp(type, -1, pair[0]), ramp(type, .25, pair[1])));
                }
            }
        }
    }

    private static TorchTensor ramp(TorchType type, double step, long... shape) {
        double[] numbers = new double[FilledArray.size(shape)];
        Arrays.setAll(numbers, i -> step * (i + 1) / 2);
        return TorchTensor.of(type, numbers, shape);
    }

    /** Every number with every target, as one long input. */
    private static void assertEqualsTorch(TorchLoss loss, TorchType type, double[] inputs, double[] targets) {
        assertEqualsTorch(loss, type, new double[][] {inputs}, targets);
    }

    /** Every number of each output with every target. */
    private static void assertEqualsTorch(TorchLoss loss, TorchType type, double[][] inputs, double[] targets) {
        int rows = Arrays.stream(inputs).mapToInt(some -> some.length).reduce(targets.length, Math::multiplyExact);
        double[] x = new double[rows * inputs.length];
        double[] t = new double[rows];
        for (int row = 0; row < rows; row++) {
            t[row] = targets[row % targets.length];
            int rest = row / targets.length;
            for (int output = inputs.length - 1; output >= 0; output--) {
                x[row * inputs.length + output] = inputs[output][rest % inputs[output].length];
                rest /= inputs[output].length;
            }
        }
        assertEqualsTorch(
                GridCase.of(loss, TorchTensor.of(type, x, rows, inputs.length), TorchTensor.of(type, t, rows, 1)));
    }

    static void assertEqualsTorch(GridCase example) {
        List<String> differences = LossCheck.differences(example, Subject.of(example));
        assertThat(differences.stream().limit(10)).as(example.toString()).isEmpty();
    }
}
