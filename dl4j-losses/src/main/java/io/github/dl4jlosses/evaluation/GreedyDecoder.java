/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.evaluation;

import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.Arguments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Reads labels from the output of a network that was trained with {@link io.github.dl4jlosses.CTCLoss}: it takes the
 * most probable class of each step, merges repeated ones and drops blanks. The result is the label of the most probable
 * alignment, which usually is the most probable label.
 *
 * <pre>{@code
 * // steps that say: 1, 1, blank, 2
 * INDArray output = Nd4j.createFromArray(new double[][][] {{{.1, .2, .8, .1}, {.8, .7, .1, .2}, {.1, .1, .1, .7}}});
 * new GreedyDecoder(0).decode(output).get(0); // [1, 2]
 * }</pre>
 *
 * @since 0.1.0
 */
public final class GreedyDecoder {
    private final int blank;

    /**
     * Makes a decoder.
     *
     * @param blank the class between labels, as in the loss
     * @throws IllegalArgumentException if it is negative
     */
    public GreedyDecoder(int blank) {
        if (blank < 0) {
            throw new IllegalArgumentException("blank must be a class, got " + blank);
        }
        this.blank = blank;
    }

    /**
     * Reads a label from each sequence.
     *
     * @param output (N, C, T): probabilities, their logarithms or logits. The output of a layer in the format NWC must
     *     be permuted, {@code output.permute(0, 2, 1)}
     * @return the classes of each label
     */
    public List<int[]> decode(INDArray output) {
        return decode(output, null);
    }

    /**
     * Reads a label from each sequence, up to its end.
     *
     * @param output (N, C, T): probabilities, their logarithms or logits. The output of a layer in the format NWC must
     *     be permuted, {@code output.permute(0, 2, 1)}
     * @param mask (N, T), 0 after the end of a sequence, as in the network's features mask; null for none
     * @return the classes of each label
     */
    public List<int[]> decode(INDArray output, INDArray mask) {
        Arguments.requireNonNull(output, "output");
        if (output.rank() != 3) {
            throw new IllegalArgumentException(
                    "output must have shape (N, C, T), got " + Arrays.toString(output.shape()));
        }
        if (blank >= output.size(1)) {
            throw new IllegalArgumentException("the blank is class " + blank + ", but the output of shape "
                    + Arrays.toString(output.shape()) + " has " + output.size(1) + " classes");
        }
        long steps = output.size(2);
        if (mask != null && !Arrays.equals(mask.shape(), new long[] {output.size(0), steps})) {
            throw new IllegalArgumentException("mask must have shape [" + output.size(0) + ", " + steps + "], got "
                    + Arrays.toString(mask.shape()));
        }
        Rows rows = Rows.of(output);
        double[] step = new double[rows.classes()];
        List<int[]> labels = new ArrayList<>();
        for (long n = 0; n < output.size(0); n++) {
            int[] label = new int[Math.toIntExact(steps)];
            int length = 0;
            int before = blank;
            for (long t = 0; t < steps && (mask == null || mask.getDouble(n, t) != 0); t++) {
                rows.read(n * steps + t, 1, step);
                int best = best(step);
                if (best != before && best != blank) {
                    label[length++] = best;
                }
                before = best;
            }
            labels.add(Arrays.copyOf(label, length));
        }
        return labels;
    }

    private static int best(double[] step) {
        int best = 0;
        for (int c = 1; c < step.length; c++) {
            best = step[c] > step[best] ? c : best;
        }
        return best;
    }
}
