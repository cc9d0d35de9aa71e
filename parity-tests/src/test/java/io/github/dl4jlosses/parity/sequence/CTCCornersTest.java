/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.CTCLoss;
import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Numbers, lengths and shapes at the edge: what torch makes of them, and what it refuses. */
class CTCCornersTest {
    private static final int STEPS = 4;
    private static final int CLASSES = 3;
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NEAR = 1e-12;

    /** One number of a uniform input replaced; the label is [1, 2] and the blank 0, of class 3 nothing is asked. */
    static Stream<Arguments> replaced() {
        return Stream.of(-INF, INF, Double.NaN, -1e3, 200.)
                .flatMap(number -> Stream.of(0, 1, 2, 3)
                        .flatMap(c -> Stream.of(0, 2, STEPS - 1).map(t -> Arguments.of(number, t, c))))
                // an infinite probability of a class that cannot be first: torch subtracts infinities that are not
                // there here
                .filter(each -> !Arrays.asList(each.get()).equals(List.of(INF, 0, 2)));
    }

    @ParameterizedTest
    @MethodSource("replaced")
    void aLogProbabilityOfAnyKindIsReadAsTorchReadsIt(double number, int t, int c) {
        for (int[] label : new int[][] {{1, 2}, {1, 1}, {2}}) {
            double[] x = uniform(STEPS, CLASSES + 1);
            x[t * (CLASSES + 1) + c] = number;
            CTCCase example = new CTCCase(x, STEPS, 1, CLASSES + 1, new int[][] {label}, new int[] {STEPS}, 0);
            assertAlike(example, TorchTensor.of(TorchType.FLOAT64, x, STEPS, 1, CLASSES + 1), false);
        }
    }

    /** The steps are then so far apart that torch's gradient has no digit left; ours is that of the alignments there are. */
    @Test
    void aClassThatIsAllButImpossibleKeepsTheGradientExact() {
        double[] x = uniform(STEPS, CLASSES);
        x[0] = -1e30;
        CTCCase example = new CTCCase(x, STEPS, 1, CLASSES, new int[][] {{}}, new int[] {STEPS}, 0);
        TorchTensor tensor = TorchTensor.of(TorchType.FLOAT64, x, STEPS, 1, CLASSES);

        LossAndGradient ours = example.ours(tensor, Reduction.SUM, false);

        assertThat(ours.value())
                .isCloseTo(example.torch(tensor, 2, false).value().item(), within(1e18));
        assertThat(ours.gradient().getDouble(0, 0, 0)).isCloseTo(-1, within(NEAR));
        assertThat(ours.gradient().getDouble(1, 0, 0)).isCloseTo(1. / CLASSES - 1, within(NEAR));
    }

    private static double[] uniform(int steps, int classes) {
        double[] x = new double[steps * classes];
        Arrays.fill(x, -Math.log(classes));
        return x;
    }

    private static void assertAlike(CTCCase example, TorchTensor x, boolean zeroInfinity) {
        TorchResult torch = example.torch(x, 2, zeroInfinity);
        LossAndGradient ours = example.ours(x, Reduction.SUM, zeroInfinity);
        assertAlike(example, ours.value(), torch.value().item());
        double[] theirs = torch.gradient("x").toDoubles();
        double[] gradient = ours.gradient().dup('c').data().asDouble();
        for (int i = 0; i < theirs.length; i++) {
            assertAlike(example, gradient[i], theirs[i]);
        }
    }

    private static void assertAlike(CTCCase example, double ours, double torch) {
        if (Double.isFinite(torch)) {
            assertThat(ours).as("%s", example).isCloseTo(torch, within(NEAR * Math.max(1, Math.abs(torch))));
        } else {
            assertThat(ours).as("%s", example).isEqualTo(Double.valueOf(torch));
        }
    }

    static Stream<Arguments> lengths() {
        return Stream.of(false, true)
                .flatMap(zeroInfinity -> Stream.of(
                                new int[] {}, new int[] {1}, new int[] {1, 1}, new int[] {2, 1, 2, 1, 2})
                        .flatMap(label ->
                                Stream.of(0, 1, 2, STEPS).map(length -> Arguments.of(label, length, zeroInfinity))));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void aLabelThatDoesNotFitItsSequenceIsWhatItIsInTorch(int[] label, int length, boolean zeroInfinity) {
        double[] x = uniform(STEPS, CLASSES);
        // what lies behind the end is not read
        Arrays.fill(x, length * CLASSES, x.length, Double.NaN);
        CTCCase example = new CTCCase(x, STEPS, 1, CLASSES, new int[][] {label}, new int[] {length}, 0);
        assertAlike(example, TorchTensor.of(TorchType.FLOAT64, x, STEPS, 1, CLASSES), zeroInfinity);
    }

    @Test
    void aMeanOverNoSequencesIsNaNAsInTorchOrZero() {
        TorchTensor none = TorchTensor.of(TorchType.FLOAT64, new double[0], STEPS, 0, CLASSES);
        CTCCase example = new CTCCase(new double[0], STEPS, 0, CLASSES, new int[0][], new int[0], 0);
        assertThat(example.torch(none, 1, false).value().item()).isNaN();

        INDArray x = Nd4j.create(DataType.DOUBLE, STEPS, 0, CLASSES);
        INDArray targets = Nd4j.create(DataType.INT64, 0, 1);
        CTCLoss loss = new CTCLoss();
        assertThat(loss.value(x, targets, new int[0], new int[0])).isNaN();
        CTCLoss zero = CTCLoss.builder().emptyMean(EmptyMean.ZERO).build();
        assertThat(zero.value(x, targets, new int[0], new int[0])).isZero();
    }

    /** A call as both take it. */
    private static final class Call {
        final long[] x;
        final long[] targets;
        final int[] inputLengths;
        final int[] targetLengths;
        final int blank;

        Call(long[] x, long[] targets, int[] inputLengths, int[] targetLengths, int blank) {
            this.x = x;
            this.targets = targets;
            this.inputLengths = inputLengths;
            this.targetLengths = targetLengths;
            this.blank = blank;
        }

        @Override
        public String toString() {
            return Arrays.toString(x) + ", " + Arrays.toString(targets) + ", " + Arrays.toString(inputLengths) + ", "
                    + Arrays.toString(targetLengths) + ", blank " + blank;
        }
    }

    static Stream<Call> refused() {
        int[] two = {STEPS, STEPS};
        int[] ones = {1, 1};
        long[] x = {STEPS, 2, CLASSES};
        return Stream.of(
                new Call(x, new long[] {2, 2}, two, ones, CLASSES),
                new Call(x, new long[] {2, 2}, new int[] {STEPS}, ones, 0),
                new Call(x, new long[] {2, 2}, two, new int[] {1}, 0),
                new Call(x, new long[] {2, 2}, new int[] {STEPS, STEPS + 1}, ones, 0),
                new Call(x, new long[] {2, 2}, new int[] {STEPS, -1}, ones, 0),
                new Call(x, new long[] {2, 2}, two, new int[] {1, -1}, 0),
                new Call(x, new long[] {2, 2}, two, new int[] {1, 3}, 0),
                new Call(x, new long[] {4}, two, new int[] {1, 2}, 0),
                new Call(x, new long[] {3, 2}, two, ones, 0),
                new Call(x, new long[] {2, 2, 1}, two, ones, 0),
                new Call(new long[] {0, 2, CLASSES}, new long[] {2, 2}, new int[] {0, 0}, ones, 0));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatTorchRefusesIsRefusedInItsWords(Call call) {
        Throwable torch = catchThrowable(() -> TorchFunction.of(
                        "torch.ctc_loss(x, t, il, tl, int(blank), 1, False)", "x", "t", "il", "tl", "blank")
                .call(
                        TorchTensor.of(Nd4j.zeros(DataType.DOUBLE, call.x)),
                        TorchTensor.of(Nd4j.ones(DataType.INT64, call.targets)),
                        CTCCase.integers(call.inputLengths),
                        CTCCase.integers(call.targetLengths),
                        TorchTensor.scalar(TorchType.INT64, call.blank)));
        assertThat(torch).as("%s", call).isNotNull();
        CTCLoss loss = CTCLoss.builder().blank(call.blank).build();
        assertThatThrownBy(() -> loss.value(
                        Nd4j.zeros(DataType.DOUBLE, call.x),
                        Nd4j.ones(DataType.INT64, call.targets),
                        call.inputLengths,
                        call.targetLengths))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(torch.getMessage());
    }
}
