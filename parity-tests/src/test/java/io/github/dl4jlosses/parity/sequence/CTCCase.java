/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.sequence;

import io.github.dl4jlosses.CTCLoss;
import io.github.dl4jlosses.LossAndGradient;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.Arrays;
import java.util.Random;

/** Sequences with their labels, for the loss and for torch's kernel. */
final class CTCCase {
    private static final String SCRIPT =
            "torch.ctc_loss(x, t, il, tl, int(blank), int(reduction), bool(zero_infinity))";
    private static final String[] ARGUMENTS = {"x", "t", "il", "tl", "blank", "reduction", "zero_infinity"};

    /** A padding that torch must not read. */
    private static final int PADDING = 99;

    final int steps;
    final int sequences;
    final int classes;
    final int[][] labels;
    final int[] inputLengths;
    final int blank;
    private final double[] logits;

    CTCCase(double[] logits, int steps, int sequences, int classes, int[][] labels, int[] inputLengths, int blank) {
        this.logits = logits;
        this.steps = steps;
        this.sequences = sequences;
        this.classes = classes;
        this.labels = labels;
        this.inputLengths = inputLengths;
        this.blank = blank;
    }

    /** Sequences and labels of different lengths; some labels may have no alignment. */
    static CTCCase random(Random random, double spread) {
        int steps = 1 + random.nextInt(12);
        int sequences = 1 + random.nextInt(5);
        int classes = 2 + random.nextInt(6);
        int blank = random.nextInt(classes);
        int[][] labels = new int[sequences][];
        int[] inputLengths = new int[sequences];
        for (int n = 0; n < sequences; n++) {
            inputLengths[n] = random.nextInt(6) == 0 ? random.nextInt(steps + 1) : steps;
            labels[n] = random.ints(random.nextInt(inputLengths[n] / 2 + 2), 0, classes)
                    .toArray();
            for (int i = 0; i < labels[n].length; i++) {
                // a blank within a label is taken, at its end torch's gradient is not that of the loss
                boolean isLast = i == labels[n].length - 1;
                boolean staysBlank = !isLast && random.nextInt(8) == 0;
                labels[n][i] = labels[n][i] == blank && !staysBlank ? (blank + 1) % classes : labels[n][i];
            }
        }
        double[] logits = random.doubles((long) steps * sequences * classes)
                .map(ignored -> random.nextGaussian() * spread)
                .toArray();
        return new CTCCase(logits, steps, sequences, classes, labels, inputLengths, blank);
    }

    int[] targetLengths() {
        return Arrays.stream(labels).mapToInt(label -> label.length).toArray();
    }

    private int longest() {
        return Arrays.stream(targetLengths()).max().orElse(0);
    }

    /** Log-probabilities of one type, which torch's own log-softmax makes of the logits. */
    TorchTensor logProbabilities(TorchType type) {
        TorchTensor x = TorchTensor.of(type, logits.clone(), steps, sequences, classes);
        return TorchFunction.of("torch.log_softmax(x, 2)", "x").call(x).value();
    }

    TorchTensor padded() {
        int longest = Math.max(1, longest());
        long[] padded = new long[sequences * longest];
        Arrays.fill(padded, PADDING);
        for (int n = 0; n < sequences; n++) {
            for (int i = 0; i < labels[n].length; i++) {
                padded[n * longest + i] = labels[n][i];
            }
        }
        return TorchTensor.of(TorchType.INT64, padded, sequences, longest);
    }

    TorchTensor concatenated() {
        long[] all = Arrays.stream(labels)
                .flatMapToInt(Arrays::stream)
                .asLongStream()
                .toArray();
        return TorchTensor.of(TorchType.INT64, all, all.length);
    }

    static TorchTensor integers(int[] numbers) {
        return TorchTensor.of(
                TorchType.INT64, Arrays.stream(numbers).asLongStream().toArray(), numbers.length);
    }

    /** The reduction by torch's number, with its gradient with respect to the log-probabilities. */
    TorchResult torch(TorchTensor x, int reduction, boolean zeroInfinity) {
        return TorchFunction.of(SCRIPT, ARGUMENTS)
                .withRespectTo("x")
                .call(
                        x,
                        padded(),
                        integers(inputLengths),
                        integers(targetLengths()),
                        TorchTensor.scalar(TorchType.INT64, blank),
                        TorchTensor.scalar(TorchType.INT64, reduction),
                        TorchTensor.scalar(TorchType.BOOL, zeroInfinity ? 1 : 0));
    }

    CTCLoss loss(Reduction reduction, boolean zeroInfinity) {
        return CTCLoss.builder()
                .blank(blank)
                .reduction(reduction)
                .zeroInfinity(zeroInfinity)
                .build();
    }

    LossAndGradient ours(TorchTensor x, Reduction reduction, boolean zeroInfinity) {
        return loss(reduction, zeroInfinity)
                .valueAndGradient(x.toArray(), padded().toArray(), inputLengths, targetLengths());
    }

    @Override
    public String toString() {
        return steps + " steps of " + classes + " classes, labels " + Arrays.deepToString(labels) + ", input lengths "
                + Arrays.toString(inputLengths) + ", blank " + blank;
    }
}
