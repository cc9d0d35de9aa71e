/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/**
 * Connectionist temporal classification: a row is a sequence, T steps of C log-probabilities.
 *
 * <p>The gradient is torch's, exp(x) minus the probability of the class at that step given the label: the derivative through
 * the log-softmax that made x.
 */
public final class CTCKernel implements Kernel {
    private final int classes;
    private final int[][] labels;
    private final int[] lengths;
    private final int blank;
    private final boolean zeroInfinity;
    private final boolean fused;
    private final boolean perLabel;

    /**
     * @param classes the classes of a step
     * @param labels of each sequence, without padding
     * @param lengths the steps of each sequence that are read
     * @param blank the class between labels
     * @param zeroInfinity whether a label that cannot be aligned has the loss 0
     * @param fused whether rows are logits, whose log-softmax the kernel computes
     * @param perLabel whether a loss is divided by the length of its label, as in a mean
     */
    public CTCKernel(
            int classes,
            int[][] labels,
            int[] lengths,
            int blank,
            boolean zeroInfinity,
            boolean fused,
            boolean perLabel) {
        this.classes = classes;
        this.labels = labels;
        this.lengths = lengths;
        this.blank = blank;
        this.zeroInfinity = zeroInfinity;
        this.fused = fused;
        this.perLabel = perLabel;
    }

    @Override
    public Kernel ofSingleLosses() {
        return new CTCKernel(classes, labels, lengths, blank, zeroInfinity, fused, false);
    }

    @Override
    public boolean lossPerRow() {
        return true;
    }

    @Override
    public int read(long row, int numbers) {
        return lengths[Math.toIntExact(row)] * classes;
    }

    @Override
    public void compute(Tile tile, double scale) {
        Workspace work = Workspace.ofThread();
        int steps = tile.classes / Math.max(1, classes);
        if (fused) {
            LogSoftmaxKernel.forward(tile.x, tile.rows * steps, classes, tile.gradient);
        }
        for (int r = 0; r < tile.rows; r++) {
            if (!tile.skip[r]) {
                sequence(tile, r, scale, work);
            }
        }
    }

    private void sequence(Tile tile, int r, double scale, Workspace work) {
        int n = Math.toIntExact(tile.first + r);
        int at = r * tile.classes;
        int steps = lengths[n];
        int read = steps * classes;
        double divisor = perLabel ? Math.max(1, labels[n].length) : 1;
        exponentials(tile, at, read, work);
        double loss = steps == 0
                ? withoutSteps(labels[n])
                : work.alignments.negativeLogLikelihood(tile.x, tile.gradient, at, steps, classes, labels[n], blank);
        boolean isZero = zeroInfinity && loss == Double.POSITIVE_INFINITY;
        tile.loss[r] = isZero ? 0 : loss / divisor;
        if (tile.wantsGradient) {
            Arrays.fill(tile.gradient, at + read, at + tile.classes, 0);
            if (!Double.isFinite(loss)) {
                Arrays.fill(tile.gradient, at, at + read, isZero ? 0 : Double.NaN);
            } else if (steps > 0) {
                work.alignments.gradient(scale / divisor);
                leaveOutImpossible(tile, at, at + read);
            }
        }
    }

    private static double withoutSteps(int[] label) {
        return label.length == 0 ? -0.0 : Double.POSITIVE_INFINITY;
    }

    /** Puts exponentials in the place of the gradient. */
    private static void exponentials(Tile tile, int from, int n, Workspace work) {
        boolean nonePositive = true;
        for (int i = from; i < from + n; i++) {
            nonePositive &= !(tile.x[i] > 0);
        }
        if (nonePositive) {
            work.exponentials(tile.x, tile.gradient, from, n);
            return;
        }
        for (int i = from; i < from + n; i++) {
            tile.gradient[i] = Math.exp(tile.x[i]);
        }
    }

    /** Follows torch for a probability of 0: its gradient is 0/0, and under a softmax that of the whole step. */
    private void leaveOutImpossible(Tile tile, int from, int to) {
        for (int i = from; i < to; i++) {
            if (tile.x[i] == Double.NEGATIVE_INFINITY) {
                int first = fused ? i - (i - from) % classes : i;
                Arrays.fill(tile.gradient, first, fused ? first + classes : i + 1, Double.NaN);
            }
        }
    }
}
