/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.laws;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.Configuration;
import io.github.dl4jlosses.parity.grid.GridCase;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.math.BigDecimal;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How sums, means and their gradients belong together, for every option, rank and type. */
class ReductionLawsTest {
    private static final long SEED = PrintedSeed.of(ReductionLawsTest.class);
    private static final int EVERY = 13;

    /** A case whose reduction may be chosen; its numbers do not depend on it. */
    record Drawn(Configuration configuration, long seed) {
        GridCase reducedBy(Reduction reduction) {
            return GridCase.random(configuration.reducedBy(reduction), seed);
        }
    }

    static Stream<Drawn> draws() {
        Random random = new Random(SEED);
        return Configuration.grid(TorchType.FLOAT64, TorchType.FLOAT32).stream()
                .filter(configuration -> configuration.reduction() == Reduction.SUM)
                .filter(configuration -> random.nextInt(EVERY) == 0)
                .map(configuration -> new Drawn(configuration, random.nextLong()));
    }

    @ParameterizedTest
    @MethodSource("draws")
    void theLossesAddUpToTheSum(Drawn drawn) {
        GridCase example = drawn.reducedBy(Reduction.SUM);
        INDArray losses = example.loss().unreduced(example.input(), example.target());
        BigDecimal sum = BigDecimal.ZERO;
        double magnitude = 0;
        double value = example.loss().value(example.input(), example.target());
        for (double loss : Trial.doubles(losses)) {
            if (!Double.isFinite(loss)) {
                // a value is a double, and may be finite where an element of float32 is not
                assertThat(Math.abs(value) <= Float.MAX_VALUE)
                        .as("%s: %s", example, value)
                        .isFalse();
                return;
            }
            sum = sum.add(new BigDecimal(loss));
            magnitude += Math.abs(loss);
        }
        assertClose(example, value, sum.doubleValue(), magnitude, 1);
    }

    @ParameterizedTest
    @MethodSource("draws")
    void theMeanIsTheSumOverTheDocumentedDenominator(Drawn drawn) {
        GridCase example = drawn.reducedBy(Reduction.SUM);
        compare(drawn, Reduction.MEAN, example.plain(example.loss()).meanDenominator);
    }

    @ParameterizedTest
    @MethodSource("draws")
    void theBatchMeanIsTheSumOverTheExamples(Drawn drawn) {
        GridCase example = drawn.reducedBy(Reduction.SUM);
        long[] shape = example.torchInput().shape();
        boolean oneRow = example.spec().takesRows() && shape.length == 1;
        compare(drawn, Reduction.BATCHMEAN, oneRow ? 1 : (double) shape[0]);
    }

    private static void compare(Drawn drawn, Reduction reduction, double denominator) {
        GridCase example = drawn.reducedBy(Reduction.SUM);
        TorchLoss mean = drawn.reducedBy(reduction).loss();
        double value = mean.value(example.input(), example.target());
        INDArray gradient = mean.gradient(example.input(), example.target());
        if (denominator == 0) {
            assertThat(value).isNaN();
            assertThat(Trial.doubles(gradient)).containsOnly(0);
            return;
        }
        TorchLoss sum = example.loss();
        double total = sum.value(example.input(), example.target());
        assertClose(example, value, total / denominator, Math.abs(total / denominator), denominator);
        INDArray ofSum = sum.gradient(example.input(), example.target());
        compare(example, Trial.doubles(gradient), Trial.doubles(ofSum), denominator);
        if (example.hasTargetGradient()) {
            compare(
                    example,
                    Trial.doubles(mean.targetGradient(example.input(), example.target())),
                    Trial.doubles(sum.targetGradient(example.input(), example.target())),
                    denominator);
        }
    }

    private static void compare(GridCase example, double[] ofMean, double[] ofSum, double denominator) {
        for (int i = 0; i < ofMean.length; i++) {
            double expected = ofSum[i] / denominator;
            if (!overflowsAsASum(example, ofMean[i], expected, denominator)) {
                assertClose(example, ofMean[i], expected, Math.abs(expected), denominator);
            }
        }
    }

    /** An element of float32 may be beyond the largest float32 in the sum, and below it in the mean. */
    private static boolean overflowsAsASum(GridCase example, double ofMean, double expected, double denominator) {
        return example.torchInput().type() == TorchType.FLOAT32
                && Double.isInfinite(expected)
                && Math.signum(ofMean) == Math.signum(expected)
                && Math.abs(ofMean) * denominator > Float.MAX_VALUE;
    }

    private static void assertClose(
            GridCase example, double actual, double expected, double magnitude, double denominator) {
        double unit = example.torchInput().type() == TorchType.FLOAT32 ? 0x1p-23 : 0x1p-50;
        if (Double.isNaN(expected) || Double.isInfinite(expected)) {
            assertThat(actual).as(example.toString()).isEqualTo(Double.valueOf(expected));
        } else {
            assertThat(Math.abs(actual - expected))
                    .as("%s: %s instead of %s", example, actual, expected)
                    // below the smallest normal float32 both results round to its spacing, and the sum's is then
                    // divided
                    .isLessThanOrEqualTo(unit * magnitude + Float.MIN_VALUE * (0.5 + 0.5 / denominator));
        }
    }
}
