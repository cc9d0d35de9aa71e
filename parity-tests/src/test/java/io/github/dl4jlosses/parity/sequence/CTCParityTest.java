/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.CTCLoss;
import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** CTCLoss against torch's kernel: batches of sequences and labels of different lengths. */
class CTCParityTest {
    private static final int CASES = 1500;
    private static final double[] SPREADS = {1, 10, 60};
    private static final Reduction[] REDUCTIONS = {Reduction.MEAN, Reduction.SUM, Reduction.BATCHMEAN};
    private static final double NEAR = 1e-12;

    /** torch's number for a reduction; it has no batchmean, which is its sum over the number of sequences. */
    private static int code(Reduction reduction) {
        return reduction == Reduction.MEAN ? 1 : 2;
    }

    @Test
    void valuesAndGradientsAreTorchsInFloat64() {
        Random random = new Random(1);
        for (int i = 0; i < CASES; i++) {
            CTCCase example = CTCCase.random(random, SPREADS[i % SPREADS.length]);
            TorchTensor x = example.logProbabilities(TorchType.FLOAT64);
            Reduction reduction = REDUCTIONS[i % REDUCTIONS.length];
            boolean zeroInfinity = random.nextBoolean();

            TorchResult torch = example.torch(x, code(reduction), zeroInfinity);
            LossAndGradient ours = example.ours(x, reduction, zeroInfinity);

            double over = reduction == Reduction.BATCHMEAN ? example.sequences : 1;
            assertNear(example, ours.value(), torch.value().item() / over);
            assertNear(example, ours.gradient(), torch.gradient("x"), over);
        }
    }

    @Test
    void unreducedLossesAreTorchsInFloat64() {
        Random random = new Random(2);
        for (int i = 0; i < CASES; i++) {
            CTCCase example = CTCCase.random(random, SPREADS[i % SPREADS.length]);
            TorchTensor x = example.logProbabilities(TorchType.FLOAT64);
            boolean zeroInfinity = random.nextBoolean();

            INDArray ours = example.loss(Reduction.MEAN, zeroInfinity)
                    .unreduced(
                            x.toArray(),
                            example.concatenated().toArray(),
                            example.inputLengths,
                            example.targetLengths());

            assertThat(ours.shape()).containsExactly(example.sequences);
            assertNear(example, ours, example.torch(x, 0, zeroInfinity).value(), 1);
        }
    }

    private static void assertNear(CTCCase example, INDArray ours, TorchTensor torch, double over) {
        double[] expected = torch.toDoubles();
        double[] actual = ours.dup('c').data().asDouble();
        for (int i = 0; i < expected.length; i++) {
            assertNear(example, actual[i], expected[i] / over);
        }
    }

    private static void assertNear(CTCCase example, double ours, double torch) {
        if (Double.isFinite(torch)) {
            assertThat(ours).as("%s", example).isCloseTo(torch, within(NEAR * Math.max(1, Math.abs(torch))));
        } else {
            assertThat(ours).as("%s", example).isEqualTo(Double.valueOf(torch));
        }
    }

    /** Of the same floats, torch in float64 says what is right. */
    @Test
    void inFloat32NoResultIsFurtherFromTheRightOneThanTorchs() {
        Random random = new Random(3);
        Worst ours = new Worst();
        Worst theirs = new Worst();
        for (int i = 0; i < CASES; i++) {
            CTCCase example = CTCCase.random(random, SPREADS[i % SPREADS.length]);
            TorchTensor x = example.logProbabilities(TorchType.FLOAT32);

            TorchResult exact = example.torch(x.to(TorchType.FLOAT64), 1, true);
            TorchResult torch = example.torch(x, 1, true);
            LossAndGradient result = example.ours(x, Reduction.MEAN, true);

            ours.add(
                    result.gradient().dup('c').data().asDouble(),
                    exact.gradient("x").toDoubles());
            theirs.add(torch.gradient("x").toDoubles(), exact.gradient("x").toDoubles());
            ours.addValue((float) result.value(), exact.value().item());
            theirs.addValue(torch.value().item(), exact.value().item());
        }
        assertThat(ours.gradient).isLessThanOrEqualTo(theirs.gradient);
        assertThat(ours.value).isLessThanOrEqualTo(theirs.value);
        assertThat(ours.gradient).as("half an ulp of 1").isLessThanOrEqualTo(Math.ulp(1f) / 2);
    }

    /** The largest errors, of gradients absolute, since they are differences of probabilities. */
    private static final class Worst {
        double value;
        double gradient;

        void addValue(double number, double exact) {
            value = Math.max(value, Math.abs(number - exact) / Math.max(1, Math.abs(exact)));
        }

        void add(double[] numbers, double[] exact) {
            for (int i = 0; i < numbers.length; i++) {
                gradient = Math.max(gradient, Math.abs(numbers[i] - exact[i]));
            }
        }
    }

    /**
     * torch's documentation forbids the blank in a label, its kernel takes it: where it stands last, the gradient of the last
     * step forgets the alignments that end in a blank behind it. Ours is the derivative: that of a step adds up to nothing.
     */
    @Test
    void aLabelThatEndsInTheBlankHasTheGradientOfItsLoss() {
        double[] logits = new Random(5).doubles(12).toArray();
        CTCCase example = new CTCCase(logits, 4, 1, 3, new int[][] {{2, 1}}, new int[] {4}, 1);
        TorchTensor x = example.logProbabilities(TorchType.FLOAT64);
        TorchResult torch = example.torch(x, 2, false);

        LossAndGradient ours = example.ours(x, Reduction.SUM, false);

        assertThat(ours.value()).isCloseTo(torch.value().item(), within(NEAR));
        INDArray theirs = torch.gradient("x").toArray();
        assertThat(ours.gradient().sum(2).toDoubleVector()).containsExactly(new double[4], within(NEAR));
        assertThat(theirs.sum(2).toDoubleVector()[3]).isGreaterThan(.1);
    }

    @Test
    void aSingleSequenceNeedsNoBatchDimension() {
        CTCCase example =
                new CTCCase(new Random(4).doubles(12).toArray(), 4, 1, 3, new int[][] {{1, 2}}, new int[] {4}, 0);
        TorchTensor x = example.logProbabilities(TorchType.FLOAT64);
        INDArray alone = x.toArray().reshape(4, 3);
        INDArray label = example.concatenated().toArray();

        assertThat(new CTCLoss().value(alone, label))
                .isEqualTo(example.ours(x, Reduction.MEAN, false).value());
        assertThat(new CTCLoss().unreduced(alone, label).rank()).isZero();
        assertThat(new CTCLoss().gradient(alone, label))
                .isEqualTo(example.ours(x, Reduction.MEAN, false).gradient().reshape(4, 3));
    }
}
