/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.target;

import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.Place;
import io.github.dl4jlosses.internal.shape.TorchNames;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Labels of sequences, each of its own length, and how many steps of each sequence are read; checked once. */
public final class LabelSequences {
    private static final String OF_TORCH = " (while checking arguments for ctc_loss_allocate_outputs)";

    private final int[][] labels;
    private final int[] inputLengths;
    /** The sequences that count; null: all. */
    private final OutputMask kept;

    private LabelSequences(int[][] labels, int[] inputLengths, OutputMask kept) {
        this.labels = labels;
        this.inputLengths = inputLengths;
        this.kept = kept;
    }

    /**
     * Labels in torch's forms.
     *
     * @param steps of the input
     * @param sequences of the input
     * @param classes of the input
     * @param target (N, S), or the labels concatenated
     */
    public static LabelSequences of(
            int steps, int sequences, int classes, INDArray target, int[] inputLengths, int[] targetLengths) {
        requireLength(inputLengths, sequences, "input_lengths");
        requireLength(targetLengths, sequences, "target_lengths");
        for (int n = 0; n < sequences; n++) {
            requireAtLeastZero(targetLengths, n, "target_lengths");
        }
        requireTargets(target, sequences, targetLengths);
        for (int n = 0; n < sequences; n++) {
            if (inputLengths[n] > steps) {
                throw new IllegalArgumentException("Expected input_lengths to have value at most " + steps
                        + ", but got value " + inputLengths[n] + OF_TORCH + " (inputLengths[" + n + "])");
            }
            requireAtLeastZero(inputLengths, n, "input_lengths");
        }
        return new LabelSequences(read(target, classes, targetLengths, Place.DIRECT), inputLengths.clone(), null);
    }

    /**
     * Padded labels: each ends before its first negative number.
     *
     * @param target (N, S)
     */
    public static LabelSequences ofPadded(int steps, int sequences, int classes, INDArray target) {
        INDArray rows = target.rank() == 1 ? target.reshape(1, target.length()) : target;
        if (rows.rank() != 2 || rows.size(0) != sequences) {
            throw new IllegalArgumentException("targets have shape " + TorchNames.size(target) + ", but must be ["
                    + sequences + ", S]: the classes of each label, and negative numbers after them; concatenated"
                    + " labels need their lengths");
        }
        int[] inputLengths = new int[sequences];
        Arrays.fill(inputLengths, steps);
        int[] targetLengths = new int[sequences];
        Rows numbers = Rows.ofSingles(rows);
        long padded = rows.size(1);
        for (int n = 0; n < sequences; n++) {
            targetLengths[n] = lengthOf(numbers, n * padded, 1, padded);
        }
        return new LabelSequences(read(rows, classes, targetLengths, Place.DIRECT), inputLengths, null);
    }

    /**
     * Labels of an output layer, with negative numbers after their ends.
     *
     * @param rows of the layer, T·N
     * @param target (T·N, 1), where row t·N + n holds number t of the label of sequence n, or (N, S)
     * @param blank labels of a network must not contain it, because there it is usually padding
     * @param mask 1 for each step that is read, from the first on; null: all steps
     */
    public static LabelSequences ofRows(int rows, int steps, int classes, INDArray target, int blank, OutputMask mask) {
        int sequences = rows / steps;
        boolean[] skip = new boolean[rows];
        if (mask != null && rows > 0) {
            mask.markRows(0, rows, skip, 0);
        }
        int[][] labels = new int[sequences][];
        int[] inputLengths = new int[sequences];
        Rows numbers = Rows.ofSingles(target);
        boolean ofSteps = target.length() == rows && target.size(0) != sequences;
        int padded = ofSteps ? steps : Math.toIntExact(target.size(1));
        boolean anyLeftOut = false;
        for (int n = 0; n < sequences; n++) {
            inputLengths[n] = prefix(skip, n, steps, sequences);
            boolean isLeftOut = mask != null && inputLengths[n] == 0;
            anyLeftOut |= isLeftOut;
            long first = ofSteps ? n : (long) n * padded;
            int stride = ofSteps ? sequences : 1;
            int length = isLeftOut ? 0 : lengthOf(numbers, first, stride, padded);
            Place place = ofSteps ? Place.NETWORK : Place.LABELS;
            labels[n] = label(numbers, first, stride, length, classes, place);
            requireNoBlank(labels[n], blank, i -> place.ofTarget(numbers, first + (long) i * stride, 0));
        }
        return new LabelSequences(labels, inputLengths, anyLeftOut ? kept(inputLengths) : null);
    }

    private static OutputMask kept(int[] inputLengths) {
        INDArray kept = Nd4j.createFromArray(Arrays.stream(inputLengths)
                        .mapToDouble(length -> length == 0 ? 0 : 1)
                        .toArray())
                .reshape(inputLengths.length, 1);
        return OutputMask.of(kept, inputLengths.length, 1, null);
    }

    /** The steps before the first masked one; a mask with a hole is refused. */
    private static int prefix(boolean[] skip, int n, int steps, int sequences) {
        int length = 0;
        while (length < steps && !skip[length * sequences + n]) {
            length++;
        }
        for (int t = length; t < steps; t++) {
            if (!skip[t * sequences + n]) {
                throw new IllegalArgumentException("mask of example " + n + " is 0 at step " + length
                        + " and 1 at step "
                        + t + ", but CTCLoss reads a sequence from its first step to its last: mask only steps after"
                        + " the end");
            }
        }
        return length;
    }

    /** The numbers before the first negative one. */
    private static int lengthOf(Rows numbers, long first, long stride, long most) {
        int length = 0;
        while (length < most && !(numbers.doubleAt(first + length * stride) < 0)) {
            length++;
        }
        return length;
    }

    private static void requireLength(int[] lengths, int sequences, String name) {
        if (lengths.length != sequences) {
            throw new IllegalArgumentException(name + " must be of size batch_size (got " + lengths.length
                    + " numbers for " + sequences + " sequences)");
        }
    }

    private static void requireAtLeastZero(int[] lengths, int n, String name) {
        if (lengths[n] < 0) {
            throw new IllegalArgumentException("Expected " + name + " to have value at least 0, but got value "
                    + lengths[n] + OF_TORCH + " (" + (name.startsWith("input") ? "inputLengths[" : "targetLengths[")
                    + n + "])");
        }
    }

    private static void requireTargets(INDArray target, int sequences, int[] lengths) {
        String argument = " for argument #2 'targets'" + OF_TORCH;
        if (target.rank() == 2) {
            long longest = Arrays.stream(lengths).max().orElse(0);
            if (target.size(0) != sequences) {
                throw new IllegalArgumentException("Expected tensor to have size " + sequences
                        + " at dimension 0, but got size " + target.size(0) + argument);
            }
            if (target.size(1) < longest) {
                throw new IllegalArgumentException("Expected tensor to have size at least " + longest
                        + " at dimension 1, but got size " + target.size(1) + argument);
            }
        } else if (target.rank() == 1) {
            long sum = Arrays.stream(lengths).asLongStream().sum();
            if (target.size(0) != sum) {
                throw new IllegalArgumentException("Expected tensor to have size " + sum
                        + " at dimension 0, but got size " + target.size(0) + argument);
            }
        } else {
            throw new IllegalArgumentException(
                    "Expected 1 to 2 dimensions, but got " + target.rank() + "-dimensional tensor" + argument);
        }
    }

    private static int[][] read(INDArray target, int classes, int[] lengths, Place place) {
        Rows numbers = Rows.ofSingles(target);
        int[][] labels = new int[lengths.length][];
        long first = 0;
        for (int n = 0; n < lengths.length; n++) {
            labels[n] = label(numbers, target.rank() == 2 ? n * target.size(1) : first, 1, lengths[n], classes, place);
            first += lengths[n];
        }
        return labels;
    }

    private static int[] label(Rows numbers, long first, long stride, int length, int classes, Place place) {
        ClassRange range = ClassRange.all(classes);
        int[] label = new int[length];
        for (int i = 0; i < length; i++) {
            long at = first + i * stride;
            long index = ClassTargets.wholeNumber(numbers, at, range, place);
            if (index < 0 || index >= classes) {
                throw range.refusal(String.valueOf(index), place.ofTarget(numbers, at, 0));
            }
            label[i] = (int) index;
        }
        return label;
    }

    private static void requireNoBlank(int[] label, int blank, IntFunction<String> place) {
        for (int i = 0; i < label.length; i++) {
            if (label[i] == blank) {
                throw new IllegalArgumentException("a label must not hold the blank, class " + blank + " ("
                        + place.apply(i) + "); pad labels with -1, or give a labels mask");
            }
        }
    }

    /** The classes of each label. */
    public int[][] labels() {
        return labels;
    }

    /** The steps of each sequence that are read. */
    public int[] inputLengths() {
        return inputLengths;
    }

    /** The sequences that count; null: all. */
    public OutputMask kept() {
        return kept;
    }
}
