/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Numbers that the fast loops do not take lead to other formulas, which give the other rows the same. */
class ExtremeRowTest {
    private static final int ROWS = 40;
    private static final int EXTREME = 17;

    static Stream<Arguments> cases() {
        return LossExample.all()
                .filter(example -> example.spec().input().takesAnything())
                .flatMap(example -> Stream.of(DataType.DOUBLE, DataType.FLOAT)
                        .flatMap(
                                type -> Stream.of(7, 200).map(classes -> Arguments.of(example, type, (long) classes))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theOtherRowsKeepTheirResults(LossExample example, DataType type, long classes) {
        TorchLoss loss = example.loss((int) classes);
        double tolerance = type == DataType.FLOAT ? 1e-5 : 1e-12;
        for (double extreme : new double[] {700, 1e4, 1e30, Double.POSITIVE_INFINITY, Double.NaN}) {
            INDArray input = example.input(new Random(1), type, ROWS, classes);
            INDArray target = example.target(new Random(2), type, ROWS, classes);
            INDArray losses = loss.unreduced(input, target);
            INDArray gradient = loss.gradient(input, target);

            input.putScalar(EXTREME, 3, extreme);

            assertSameElsewhere(loss.unreduced(input, target), losses, tolerance);
            assertSameElsewhere(loss.gradient(input, target), gradient, tolerance);
            assertSameElsewhere(loss.valueAndGradient(input, target).gradient(), gradient, tolerance);
        }
    }

    private static void assertSameElsewhere(INDArray actual, INDArray expected, double tolerance) {
        double[] ours = withoutExtreme(actual);
        double[] others = withoutExtreme(expected);
        assertThat(IntStream.range(0, others.length)
                        .filter(i -> !(Math.abs(ours[i] - others[i]) <= tolerance * Math.max(1, Math.abs(others[i])))))
                .as("places of other numbers")
                .isEmpty();
    }

    private static double[] withoutExtreme(INDArray array) {
        double[] numbers = array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        int perRow = numbers.length / ROWS;
        Arrays.fill(numbers, EXTREME * perRow, (EXTREME + 1) * perRow, 0);
        return numbers;
    }

    /** The sum of the weights is beyond a double, so that torch's order of operations decides; no result is. */
    @Test
    void weightsWhoseSumOverflows() {
        double[] weight = {1e308, 1.2e308, 0.8e308};
        double[] probability = {1 / 8.0, 1 / 4.0, 5 / 8.0};
        double smoothing = 0.3;
        CrossEntropyLoss loss = CrossEntropyLoss.builder()
                .weight(weight)
                .labelSmoothing(smoothing)
                .build();
        INDArray logits = Nd4j.createFromArray(new double[][] {{Math.log(1), Math.log(2), Math.log(5)}, {0, 0, 0}});

        INDArray gradient = loss.gradient(logits, Nd4j.createFromArray(1, LikelihoodLoss.DEFAULT_IGNORE_INDEX));

        // q of class 1 is 0.7 w + 0.1 w, of the others 0.1 w; divided by the weight of class 1
        double[] q = {0.1 * 1e308, 0.8 * 1.2e308, 0.1 * 0.8e308};
        double all = q[0] + q[1] + q[2];
        for (int c = 0; c < q.length; c++) {
            assertThat(gradient.getDouble(0, c))
                    .isCloseTo((probability[c] * all - q[c]) / weight[1], withinPercentage(1e-10));
            assertThat(gradient.getDouble(1, c)).isZero();
        }
    }

    /** -inf for the target, minus p times the sum -inf: NaN there, and infinity elsewhere. */
    @Test
    void aWeightWithoutEnd() {
        INDArray logits = Nd4j.createFromArray(new double[][] {{1, 2}, {1, 2}});
        CrossEntropyLoss loss = CrossEntropyLoss.builder()
                .weight(Double.POSITIVE_INFINITY, 1)
                .reduction(Reduction.SUM)
                .build();

        INDArray gradient = loss.gradient(logits, Nd4j.createFromArray(0, 1));

        double p = 1 / (1 + Math.E);
        assertThat(gradient.getDouble(0, 0)).isNaN();
        assertThat(gradient.getDouble(0, 1)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(gradient.getDouble(1, 0)).isCloseTo(p, withinPercentage(1e-10));
        assertThat(gradient.getDouble(1, 1)).isCloseTo(-p, withinPercentage(1e-10));
    }

    /** The target's own terms are a positive number over 0, the smooth ones a negative: infinity minus infinity. */
    @Test
    void smoothingOverADenominatorOfZero() {
        CrossEntropyLoss loss =
                CrossEntropyLoss.builder().weight(1, -1, -5).labelSmoothing(0.1).build();
        INDArray logits = Nd4j.createFromArray(new double[][] {{0, 3, 0}, {0, 3, 0}});

        assertThat(loss.value(logits, Nd4j.createFromArray(0, 1))).isNaN();
    }

    /** Over 0 a weight of either sign is an infinity; the target's own gradient is that minus a part of it. */
    @Test
    void weightsThatAddUpToZero() {
        CrossEntropyLoss loss = CrossEntropyLoss.builder().weight(1, -1).build();
        INDArray logits = Nd4j.createFromArray(new double[][] {{1, 2}, {1, 2}});

        INDArray gradient = loss.gradient(logits, Nd4j.createFromArray(0, 1));

        assertThat(gradient.getRow(0).toDoubleVector()).containsExactly(Double.NaN, Double.POSITIVE_INFINITY);
        assertThat(gradient.getRow(1).toDoubleVector()).containsExactly(Double.NEGATIVE_INFINITY, Double.NaN);
    }

    @Test
    void aWeightOfPositiveTargetsWithoutEnd() {
        BCEWithLogitsLoss loss =
                BCEWithLogitsLoss.builder().posWeight(Double.POSITIVE_INFINITY).build();

        INDArray gradient = loss.gradient(Nd4j.createFromArray(1.0), Nd4j.createFromArray(1.0));

        // torch's (v y + 1 - y) sigmoid(x) - v y
        assertThat(gradient.getDouble(0)).isNaN();
    }

    /** What the other classes have is not got by subtraction from 1, whichever tiles serve. */
    @ParameterizedTest
    @ValueSource(ints = {2, 127, 128, 1500})
    void aConfidentRowKeepsItsDigits(int classes) {
        assertDigits(new CrossEntropyLoss(), classes);
        // of no weight beside the other classes, but smoothing has formulas of its own
        assertDigits(CrossEntropyLoss.builder().labelSmoothing(1e-40).build(), classes);
    }

    private static void assertDigits(CrossEntropyLoss loss, int classes) {
        int target = classes - 1;
        INDArray logits = Nd4j.zeros(DataType.DOUBLE, 1, classes);
        logits.putScalar(0, target, 60);
        INDArray probabilities = Nd4j.zeros(DataType.DOUBLE, 1, classes);
        probabilities.putScalar(0, target, 1);
        double others = (classes - 1) * Math.exp(-60);

        for (INDArray classOrProbabilities : List.of(Nd4j.createFromArray(target), probabilities)) {
            INDArray gradient = loss.gradient(logits, classOrProbabilities);

            assertThat(loss.value(logits, classOrProbabilities)).isCloseTo(Math.log1p(others), withinPercentage(1e-10));
            assertThat(gradient.getDouble(0, target)).isCloseTo(-others / (1 + others), withinPercentage(1e-10));
            assertThat(gradient.getDouble(0, 0)).isCloseTo(Math.exp(-60) / (1 + others), withinPercentage(1e-10));
        }
    }

    /** 1 - p is 1 here, and what is lost of p in it is all that the loss has. */
    @Test
    void aSmallProbabilityIsItsLoss() {
        INDArray probability = Nd4j.createFromArray(1e-20);

        assertThat(new BCELoss().value(probability, Nd4j.zeros(DataType.DOUBLE, 1)))
                .isCloseTo(1e-20, withinPercentage(1e-10));
    }

    /** -logit(1/2 + d) is -4 d, of which a difference of logarithms would keep four digits. */
    @Test
    void theTargetGradientNearOneHalfKeepsItsDigits() {
        double difference = 0x1p-40;
        for (double p : new double[] {0.5 + difference, 0.5 - difference}) {
            INDArray gradient = new BCELoss().targetGradient(Nd4j.createFromArray(p), Nd4j.createFromArray(1.0));

            assertThat(gradient.getDouble(0)).isCloseTo(-4 * (p - 0.5), withinPercentage(1e-10));
        }
    }

    /** torch differentiates xlogy, which divides 0 by 0, and infinity by infinity. */
    @Test
    void theTargetGradientOfADivergenceHasNoEnds() {
        KLDivLoss loss = new KLDivLoss();
        INDArray input = Nd4j.zeros(DataType.DOUBLE, 3);

        INDArray gradient = loss.targetGradient(input, Nd4j.createFromArray(0.0, 1.0, Double.POSITIVE_INFINITY));

        assertThat(gradient.getDouble(0)).isNaN();
        assertThat(gradient.getDouble(1)).isCloseTo(1 / 3.0, withinPercentage(1e-10));
        assertThat(gradient.getDouble(2)).isNaN();
    }

    /** As in torch, which rounds the probability to the dtype of the network before it takes the logarithm. */
    @ParameterizedTest
    @EnumSource(names = {"HALF", "BFLOAT16", "FLOAT"})
    void aSigmoidIsRoundedBeforeTheLogarithm(DataType type) {
        double logit = 0.5;
        double exact = 1 / (1 + Math.exp(-logit));
        double p = Nd4j.scalar(exact).castTo(type).getDouble(0);
        assertThat(p).isNotEqualTo(exact);
        INDArray logits = Nd4j.valueArrayOf(new long[] {1, 1}, logit, type);
        INDArray labels = Nd4j.ones(type, 1, 1);

        double score = new BCELoss().computeScore(labels, logits, new ActivationSigmoid(), null, true);

        assertThat(score).isCloseTo(-Math.log(p), withinPercentage(1e-10));
    }

    /** torch's exp(t) (t - x) + exp(t) with exp(t) infinite and t below x. */
    @Test
    void aLogTargetWithoutEnd() {
        KLDivLoss loss = KLDivLoss.builder().logTarget(true).build();

        INDArray gradient = loss.targetGradient(Nd4j.createFromArray(800.5), Nd4j.createFromArray(800.0));

        assertThat(gradient.getDouble(0)).isNaN();
    }

    /** The target's own terms have the factor 0, which times their infinity is NaN; those of the others are infinite. */
    @Test
    void fullSmoothingOverADenominatorOfZero() {
        CrossEntropyLoss.Builder builder = CrossEntropyLoss.builder().weight(1, -1, 5);
        INDArray logits = Nd4j.createFromArray(new double[][] {{0, 3, 0}, {0, 3, 0}});
        INDArray target = Nd4j.createFromArray(0, 1);

        assertThat(builder.labelSmoothing(1).build().value(logits, target)).isNaN();
        assertThat(builder.labelSmoothing(0.1).build().value(logits, target)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    /** Rows are kept, but what they are divided by is 0. */
    @Test
    void weightsThatSumToZeroHaveTheMeanThatWasAskedFor() {
        CrossEntropyLoss.Builder builder = CrossEntropyLoss.builder().weight(0, 1);
        INDArray logits = Nd4j.createFromArray(new double[][] {{1, 2}, {3, 5}});
        INDArray target = Nd4j.createFromArray(0, 0);
        INDArray labels = target.reshape(2, 1);

        CrossEntropyLoss torchs = builder.build();
        CrossEntropyLoss zero = builder.emptyMean(EmptyMean.ZERO).build();

        assertThat(torchs.value(logits, target)).isNaN();
        assertThat(torchs.gradient(logits, target).ravel().toDoubleVector()).containsOnly(Double.NaN);
        assertThat(zero.value(logits, target)).isZero();
        assertThat(zero.gradient(logits, target).ravel().toDoubleVector()).containsOnly(0);
        assertThat(zero.valueAndGradient(logits, target).gradient().ravel().toDoubleVector())
                .containsOnly(0);
        for (IActivation head : List.of(new ActivationIdentity(), new ActivationTanH())) {
            assertThat(zero.computeScore(labels, logits, head, null, false)).isZero();
            assertThat(zero.computeGradient(labels, logits, head, null).ravel().toDoubleVector())
                    .containsOnly(0);
            assertThat(zero.computeGradientAndScore(labels, logits, head, null, false)
                            .getSecond()
                            .ravel()
                            .toDoubleVector())
                    .containsOnly(0);
        }
    }

    /** The logarithm of a negative number is none, for columns of rows as for a row alone. */
    @ParameterizedTest
    @ValueSource(ints = {3, 200})
    void aNegativeTargetOfADivergenceIsNotANumber(int classes) {
        KLDivLoss loss = new KLDivLoss();
        INDArray logits = Nd4j.zeros(DataType.DOUBLE, 2, classes);
        INDArray labels = Nd4j.valueArrayOf(new long[] {2, classes}, 1.0 / classes, DataType.DOUBLE);
        labels.putScalar(1, 2, -0.5);

        ActivationSoftmax softmax = new ActivationSoftmax();

        assertThat(loss.computeScore(labels, logits, softmax, null, false)).isNaN();
        INDArray scores = loss.computeScoreArray(labels, logits, softmax, null);
        assertThat(scores.getDouble(0)).isCloseTo(0, within(1e-12));
        assertThat(scores.getDouble(1)).isNaN();
    }

    /** Beyond [0, 1] the two terms cancel, and torch's form does not. */
    @Test
    void aTargetFarFromAProbability() {
        double x = 1e-9;
        double y = 1e8;

        double loss = new BCEWithLogitsLoss().value(Nd4j.createFromArray(x), Nd4j.createFromArray(y));

        assertThat(loss).isCloseTo((1 - y) * x + Math.log1p(Math.exp(-x)), withinPercentage(1e-12));
    }
}
