/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** NaN, infinities, saturation, subnormals, nothing at all: every corner as live torch has it. */
class SpecialValuesTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;
    private static final double[] LOGITS = {
        0, -0.0, 1e-45, 1e-20, -1e-20, .5, -.5, 1, -1, 14.5, -14.6, 16.6, -16.7, 17, -17, 33.2, -33.3, 36.7, -36.8, 50,
        -50, 88.7, -88.8, 89, 100, -100, 104, -104, 500, -500, 709, -710, 745, -746, 1000, -1000, 1e4, -1e4, 1e10,
        -1e10, INF, -INF, NAN
    };
    private static final double[] PROBABILITIES = {
        0,
        -0.0,
        1e-45,
        1e-44,
        1e-38,
        1e-30,
        1e-12,
        1e-7,
        .25,
        .4999999,
        .5,
        .5000001,
        .75,
        1 - 0x1p-23,
        1 - 0x1p-24,
        1 - 0x1p-53,
        1
    };
    private static final double[] ANY_TARGET = {0, -0.0, 1e-45, .25, .5, .75, 1, -1, 2, NAN};
    private static final double[] ROW = {0, 1, -1, 20, 1e4, -1e4, -INF, INF, NAN};

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void binaryCrossEntropyAtTheEdgesOfItsRange(TorchType type) {
        double[] targets = {0, -0.0, 1e-45, .25, .5, .75, 1 - 0x1p-24, 1};
        for (double weight : new double[] {1, 0, -1, INF, NAN}) {
            assertEqualsTorch(
                    BCELoss.builder().weight(weight).reduction(Reduction.SUM).build(), type, PROBABILITIES, targets);
        }
        assertEqualsTorch(new BCELoss(), type, PROBABILITIES, targets);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void logitsOfAnySizeWithTargetsOfAnyKind(TorchType type) {
        for (double number : new double[] {1, 0, -1, 3, NAN}) {
            assertEqualsTorch(
                    BCEWithLogitsLoss.builder()
                            .posWeight(number)
                            .reduction(Reduction.SUM)
                            .build(),
                    type,
                    LOGITS,
                    ANY_TARGET);
            assertEqualsTorch(
                    BCEWithLogitsLoss.builder()
                            .weight(number)
                            .reduction(Reduction.SUM)
                            .build(),
                    type,
                    LOGITS,
                    ANY_TARGET);
        }
        // an infinite weight makes NaN of a 0, so only where no exp underflows in torch
        double[] moderate = Arrays.stream(LOGITS)
                .filter(x -> !(Math.abs(x) > 700 && Math.abs(x) < 800))
                .toArray();
        assertEqualsTorch(
                BCEWithLogitsLoss.builder()
                        .posWeight(INF)
                        .reduction(Reduction.SUM)
                        .build(),
                type,
                moderate,
                ANY_TARGET);
        assertEqualsTorch(BCEWithLogitsLoss.builder().reduction(Reduction.SUM).build(), type, LOGITS, ANY_TARGET);
        assertEqualsTorch(new BCEWithLogitsLoss(), type, LOGITS, ANY_TARGET);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void divergenceOfAnythingFromAnything(TorchType type) {
        double[] targets = {0, -0.0, 1e-45, 1e-30, .5, 1, 2, 1e10, -1, INF, -INF, NAN};
        for (Reduction reduction : Reduction.values()) {
            assertEqualsTorch(KLDivLoss.builder().reduction(reduction).build(), type, LOGITS, targets);
            assertEqualsTorch(
                    KLDivLoss.builder().logTarget(true).reduction(reduction).build(), type, LOGITS, LOGITS);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32", "FLOAT16", "BFLOAT16"})
    void huberLossOfAnythingFromAnything(TorchType type) {
        for (double delta : new double[] {1, .125, 14.5, INF}) {
            for (Reduction reduction : new Reduction[] {Reduction.MEAN, Reduction.SUM}) {
                TorchLoss loss =
                        HuberLoss.builder().delta(delta).reduction(reduction).build();
                assertEqualsTorch(loss, type, LOGITS, LOGITS);
                // without NaN, so that there is a value
                assertEqualsTorch(loss, type, new double[] {0, .125, 1, 15.5, 88.7}, new double[] {0, -0.0, -1, 1});
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void crossEntropyOfEveryMixtureOfSpecialLogits(TorchType type) {
        for (TorchLoss loss : crossEntropies()) {
            for (int target = 0; target < 3; target++) {
                assertRowsEqualTorch(loss, type, indices(target, rows().length / 3));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void crossEntropyOfSpecialLogitsAgainstProbabilities(TorchType type) {
        double[][] targets = {{1, 0, 0}, {.25, .75, 0}, {.5, .25, .25}, {0, 0, 0}, {2, -1, 0}, {NAN, 0, 0}};
        for (TorchLoss loss : crossEntropies()) {
            for (double[] target : targets) {
                double[] all = new double[rows().length];
                for (int i = 0; i < all.length; i++) {
                    all[i] = target[i % 3];
                }
                assertRowsEqualTorch(loss, type, TorchTensor.of(type, all, all.length / 3, 3));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void negativeLogLikelihoodOfEveryMixtureOfSpecialNumbers(TorchType type) {
        for (double[] weight : new double[][] {{1, 1, 1}, {0, 1, 2}, {-1, .5, 0}, {INF, 1, NAN}}) {
            for (Reduction reduction : new Reduction[] {Reduction.SUM, Reduction.MEAN}) {
                TorchLoss loss =
                        NLLLoss.builder().weight(weight).reduction(reduction).build();
                for (int target = 0; target < 3; target++) {
                    assertRowsEqualTorch(loss, type, indices(target, rows().length / 3));
                }
            }
        }
    }

    private static List<TorchLoss> crossEntropies() {
        List<TorchLoss> losses = new ArrayList<>();
        for (double smoothing : new double[] {0, .125, 1}) {
            for (double[] weight : new double[][] {null, {1, 1, 1}, {0, 1, 2}, {-1, .5, 0}}) {
                CrossEntropyLoss.Builder builder = CrossEntropyLoss.builder().labelSmoothing(smoothing);
                losses.add((weight == null ? builder : builder.weight(weight))
                        .reduction(Reduction.SUM)
                        .build());
            }
        }
        return losses;
    }

    /** A denominator of 0, reached in each way that there is. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void meansOverNothing(TorchType type) {
        TorchTensor input = TorchTensor.of(type, new double[] {1, 2, 3, -1, 0, 4}, 2, 3);
        TorchTensor ignored = TorchTensor.of(TorchType.INT64, new long[] {-100, -100}, 2);
        TorchTensor firstAndLast = TorchTensor.of(TorchType.INT64, new long[] {0, 2}, 2);
        TorchTensor oneIgnored = TorchTensor.of(TorchType.INT64, new long[] {0, -100}, 2);
        for (double[] weight : new double[][] {{1, 1, 1}, {0, 1, 0}, {1, 2, -1}, {0, 0, 0}, {-1, 1, 1}}) {
            for (TorchTensor target : new TorchTensor[] {ignored, firstAndLast, oneIgnored}) {
                assertEqualsTorch(LossCase.of(NLLLoss.builder().weight(weight).build(), input, target));
                for (double smoothing : new double[] {0, .125, 1}) {
                    assertEqualsTorch(LossCase.of(
                            CrossEntropyLoss.builder()
                                    .weight(weight)
                                    .labelSmoothing(smoothing)
                                    .build(),
                            input,
                            target));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void emptyInputs(TorchType type) {
        for (Reduction reduction : Reduction.values()) {
            for (long[] shape : new long[][] {{0}, {0, 3}, {2, 0}, {0, 3, 2}, {2, 3, 0}, {2, 0, 3}}) {
                TorchTensor empty = TorchTensor.of(type, new double[0], shape);
                assertEqualsTorch(
                        LossCase.of(KLDivLoss.builder().reduction(reduction).build(), empty, empty));
                if (reduction != Reduction.BATCHMEAN) {
                    assertEqualsTorch(
                            LossCase.of(BCELoss.builder().reduction(reduction).build(), empty, empty));
                    assertEqualsTorch(
                            LossCase.of(HuberLoss.builder().reduction(reduction).build(), empty, empty));
                    assertEqualsTorch(LossCase.of(
                            BCEWithLogitsLoss.builder().reduction(reduction).build(), empty, empty));
                    assertEqualsTorch(LossCase.of(
                            CrossEntropyLoss.builder().reduction(reduction).build(), empty, empty));
                }
            }
        }
        TorchTensor noIndices = TorchTensor.of(TorchType.INT64, new long[0], 0);
        TorchTensor noRows = TorchTensor.of(type, new double[0], 0, 3);
        for (Reduction reduction : new Reduction[] {Reduction.MEAN, Reduction.SUM}) {
            assertEqualsTorch(LossCase.of(NLLLoss.builder().reduction(reduction).build(), noRows, noIndices));
            assertEqualsTorch(
                    LossCase.of(CrossEntropyLoss.builder().reduction(reduction).build(), noRows, noIndices));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void singleNumbersAndSingleClasses(TorchType type) {
        TorchTensor scalar = TorchTensor.scalar(type, .25);
        for (Reduction reduction : Reduction.values()) {
            assertEqualsTorch(
                    LossCase.of(KLDivLoss.builder().reduction(reduction).build(), scalar, scalar));
        }
        assertEqualsTorch(LossCase.of(new BCELoss(), scalar, scalar));
        assertEqualsTorch(LossCase.of(new HuberLoss(), scalar, TorchTensor.scalar(type, 3)));
        assertEqualsTorch(LossCase.of(BCELoss.builder().weight(3).build(), scalar, scalar));
        assertEqualsTorch(LossCase.of(new BCEWithLogitsLoss(), scalar, scalar));
        assertEqualsTorch(LossCase.of(BCEWithLogitsLoss.builder().posWeight(3).build(), scalar, scalar));
        TorchTensor index = TorchTensor.scalar(TorchType.INT64, 1);
        TorchTensor row = TorchTensor.of(type, new double[] {1, 2, -1}, 3);
        assertEqualsTorch(LossCase.of(new NLLLoss(), row, index));
        assertEqualsTorch(LossCase.of(CrossEntropyLoss.builder().weight(1, 3, 2).build(), row, index));
        TorchTensor oneClass = TorchTensor.of(type, new double[] {1.5, -2}, 2, 1);
        TorchTensor zeros = TorchTensor.of(TorchType.INT64, new long[] {0, 0}, 2);
        assertEqualsTorch(LossCase.of(new CrossEntropyLoss(), oneClass, zeros));
        assertEqualsTorch(LossCase.of(new CrossEntropyLoss(), oneClass, oneClass));
        assertEqualsTorch(LossCase.of(new NLLLoss(), oneClass, zeros));
        TorchTensor single = TorchTensor.of(type, new double[] {1.5}, 1);
        assertEqualsTorch(LossCase.of(new NLLLoss(), single, TorchTensor.of(TorchType.INT64, new long[] {0}, 1)));
        assertEqualsTorch(LossCase.of(new CrossEntropyLoss(), single, single));
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT32"})
    void divergenceBroadcasts(TorchType type) {
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
        for (long[][] pair : shapes) {
            for (Reduction reduction : Reduction.values()) {
                assertEqualsTorch(LossCase.of(
                        KLDivLoss.builder().reduction(reduction).build(),
                        ramp(type, -1, pair[0]),
                        ramp(type, .25, pair[1])));
            }
        }
    }

    private static TorchTensor ramp(TorchType type, double step, long... shape) {
        int n = 1;
        for (long size : shape) {
            n *= (int) size;
        }
        double[] numbers = new double[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = step * (i + 1) / 2;
        }
        return TorchTensor.of(type, numbers, shape);
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

    @Test
    void anEmptyMeanIsZeroOnRequest() {
        INDArray input = Nd4j.createFromArray(new double[][] {{1, 2}, {3, 4}});
        INDArray ignored = Nd4j.createFromArray(new long[] {-100, -100});
        for (double[] weight : new double[][] {{1, 1}, {0, 0}}) {
            CrossEntropyLoss loss = CrossEntropyLoss.builder()
                    .weight(weight)
                    .emptyMean(EmptyMean.ZERO)
                    .build();
            assertThat(loss.value(input, ignored)).isZero();
            assertThat(loss.gradient(input, ignored).toDoubleMatrix()).isDeepEqualTo(new double[2][2]);
        }
        CrossEntropyLoss noWeight = CrossEntropyLoss.builder()
                .weight(0, 0)
                .emptyMean(EmptyMean.ZERO)
                .build();
        INDArray kept = Nd4j.createFromArray(new long[] {0, 1});
        assertThat(noWeight.value(input, kept)).isZero();
        assertThat(noWeight.gradient(input, kept).toDoubleMatrix()).isDeepEqualTo(new double[2][2]);
    }

    /** Every number with every target, as one long input. */
    private static void assertEqualsTorch(TorchLoss loss, TorchType type, double[] inputs, double[] targets) {
        double[] x = new double[inputs.length * targets.length];
        double[] t = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = inputs[i / targets.length];
            t[i] = targets[i % targets.length];
        }
        assertEqualsTorch(
                LossCase.of(loss, TorchTensor.of(type, x, x.length, 1), TorchTensor.of(type, t, t.length, 1)));
    }

    private static double[] rows() {
        int n = ROW.length;
        double[] rows = new double[n * n * n * 3];
        for (int i = 0; i < n * n * n; i++) {
            rows[3 * i] = ROW[i / n / n];
            rows[3 * i + 1] = ROW[i / n % n];
            rows[3 * i + 2] = ROW[i % n];
        }
        return rows;
    }

    private static TorchTensor indices(long target, int n) {
        long[] indices = new long[n];
        Arrays.fill(indices, target);
        return TorchTensor.of(TorchType.INT64, indices, n);
    }

    private static void assertRowsEqualTorch(TorchLoss loss, TorchType type, TorchTensor target) {
        double[] rows = rows();
        assertEqualsTorch(LossCase.of(loss, TorchTensor.of(type, rows, rows.length / 3, 3), target));
    }

    private static void assertEqualsTorch(LossCase example) {
        List<String> differences = LossCheck.differences(example, Subject.of(example));
        assertThat(differences.stream().limit(10)).as(example.toString()).isEmpty();
    }
}
