/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.Batch;
import io.github.dl4jlosses.internal.kernel.CTCKernel;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.Arguments;
import io.github.dl4jlosses.internal.shape.Place;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.shape.TorchNames;
import io.github.dl4jlosses.internal.target.LabelSequences;
import io.github.dl4jlosses.internal.target.OutputMask;
import io.github.dl4jlosses.internal.target.TargetKind;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Connectionist temporal classification: the negative log-probability of a label, summed over all ways to align it with
 * a longer sequence; torch's {@code nn.CTCLoss}. For speech, handwriting and other sequences whose labels have no
 * times.
 *
 * <p>Formula, per sequence with log-probabilities x of T steps and C classes, and a label y of S classes: l = -log(sum
 * over alignments of product over t of exp(x[t, a(t)])), where an alignment a gives each step a class or the blank, and
 * becomes y when repeated classes are merged and blanks dropped. The gradient assumes that a log-softmax made x: it is
 * exp(x[t, c]) minus the probability of class c at step t given the label. As in torch, it is the derivative of the
 * value only if x holds log-probabilities.
 *
 * <p>Shapes: log-probabilities (T, N, C), the steps first, or (T, C) of a single sequence. Labels (N, S), padded at the
 * end with any numbers, or concatenated in (S1 + S2 + ..). Lengths say how many steps and classes are read. Without
 * lengths ({@link #value(INDArray, INDArray)} and the like) all steps are read, and a label of (N, S) ends before its
 * first negative number. The unreduced losses are (N), or one number. Time and memory grow with T times S: besides the
 * copies of T times C numbers that every loss works on, each thread keeps 16 bytes for each of T (2 S + 1) states.
 *
 * <p>Options: {@code blank} (0), {@code zeroInfinity} (false), {@code reduction} (MEAN).
 *
 * <p>Mean: each loss is divided by the length of its label (at least 1), and the sum of these by the number of
 * sequences.
 *
 * <p>In a network the output layer is {@link io.github.dl4jlosses.layer.CTCOutputLayer}, which takes labels (N, 1, S)
 * of their own length; or DL4J's RnnOutputLayer, whose labels must be padded with -1 to (N, 1, T), with
 * {@code positionsPerExample(T)}. Under a softmax or {@link ActivationLogSoftmax} head the log-probabilities are
 * log_softmax of the pre-output, fused and stable; under an identity head they are the pre-output itself; any other
 * activation is applied first. A mask has a 1 for each step that is read, from the first on; a sequence without any is
 * left out. In a network a label must not contain the blank, which is usually padding there; direct calls accept it, as
 * torch does. Scaling: see {@link TorchLoss}.
 *
 * <p>A label needs a step for each class and one between two equal classes. With fewer steps it has no alignment: the
 * loss is infinite and the gradient NaN, or both are 0 with {@code zeroInfinity}. The mean of an empty batch is NaN
 * unless {@link EmptyMean} says otherwise. A log-probability of minus infinity has a gradient of NaN, as in torch.
 * Steps after the end are not read and have gradient 0. For a label that is not a class torch reads memory beyond the
 * input; here it is an error.
 *
 * <pre>{@code
 * INDArray logProbabilities = Transforms.log(Nd4j.createFromArray(new double[][] {{0.5, 0.5}, {0.25, 0.75}}));
 * INDArray label = Nd4j.createFromArray(new int[] {1});
 * new CTCLoss().value(logProbabilities, label); // 0.13353139262452263
 * }</pre>
 *
 * <p>Reference: torch.nn.CTCLoss, torch 2.7.1; Graves et al., Connectionist Temporal Classification, ICML 2006.
 *
 * @since 0.1.0
 */
public final class CTCLoss extends TorchLoss {
    private static final long serialVersionUID = 1L;

    private static final Options<CTCLoss, Builder> OPTIONS = Options.<CTCLoss, Builder>of(CTCLoss::builder)
            .with("blank", Integer.class, CTCLoss::getBlank, Builder::blank)
            .reduction()
            .with("zeroInfinity", Boolean.class, CTCLoss::isZeroInfinity, Builder::zeroInfinity)
            .andCommon();

    /** At least 0. */
    private final int blank;

    /** Whether a label without an alignment has the loss 0. */
    private final boolean zeroInfinity;

    /** Torch's defaults: mean, class 0 is the blank, infinite losses stay. */
    public CTCLoss() {
        this(new Builder());
    }

    private CTCLoss(Builder builder) {
        super(builder);
        this.blank = builder.blank;
        this.zeroInfinity = builder.zeroInfinity;
    }

    /**
     * A builder with torch's defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static CTCLoss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<CTCLoss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    // ---- torch's functional form ----

    /**
     * The reduced loss.
     *
     * @param logProbabilities (T, N, C) or (T, C), floating
     * @param targets (N, S), or the labels concatenated; whole numbers
     * @param inputLengths the steps of each sequence that are read, 0 to T
     * @param targetLengths the length of each label
     * @return the loss, not rounded to the input's dtype
     * @throws IllegalArgumentException where torch raises an error, with torch's message and the place, and for a label
     *     that is not a class
     */
    public double value(INDArray logProbabilities, INDArray targets, int[] inputLengths, int[] targetLengths) {
        return direct(logProbabilities, targets, inputLengths, targetLengths).value();
    }

    /**
     * The derivative of {@link #value(INDArray, INDArray, int[], int[])} through the log-softmax that made the input.
     *
     * @param logProbabilities as in {@link #value(INDArray, INDArray, int[], int[])}
     * @param targets likewise
     * @param inputLengths likewise
     * @param targetLengths likewise
     * @return a new array of the input's shape and dtype
     * @throws IllegalArgumentException likewise
     */
    public INDArray gradient(INDArray logProbabilities, INDArray targets, int[] inputLengths, int[] targetLengths) {
        return direct(logProbabilities, targets, inputLengths, targetLengths).gradient();
    }

    /**
     * Value and gradient in one pass.
     *
     * @param logProbabilities as in {@link #value(INDArray, INDArray, int[], int[])}
     * @param targets likewise
     * @param inputLengths likewise
     * @param targetLengths likewise
     * @return both
     * @throws IllegalArgumentException likewise
     */
    public LossAndGradient valueAndGradient(
            INDArray logProbabilities, INDArray targets, int[] inputLengths, int[] targetLengths) {
        return direct(logProbabilities, targets, inputLengths, targetLengths).valueAndGradient();
    }

    /**
     * The loss of each sequence, torch's {@code reduction='none'}: not divided by the length of its label.
     *
     * @param logProbabilities as in {@link #value(INDArray, INDArray, int[], int[])}
     * @param targets likewise
     * @param inputLengths likewise
     * @param targetLengths likewise
     * @return a new array (N), or a scalar for an input of (T, C)
     * @throws IllegalArgumentException likewise
     */
    public INDArray unreduced(INDArray logProbabilities, INDArray targets, int[] inputLengths, int[] targetLengths) {
        Batch batch =
                direct(logProbabilities, targets, inputLengths, targetLengths).batch();
        return unreduced(batch, logProbabilities.dataType(), targets);
    }

    private Reduced direct(INDArray input, INDArray targets, int[] inputLengths, int[] targetLengths) {
        Arguments.requireNonNull(input, "logProbabilities");
        Arguments.requireNonNull(targets, "targets");
        Arguments.requireNonNull(inputLengths, "inputLengths");
        Arguments.requireNonNull(targetLengths, "targetLengths");
        checkDirect(input, targets);
        return direct(
                input,
                LabelSequences.of(
                        steps(input), sequences(input), classes(input), targets, inputLengths, targetLengths));
    }

    @Override
    Reduced direct(TargetKind kind, INDArray input, INDArray target) {
        return direct(input, LabelSequences.ofPadded(steps(input), sequences(input), classes(input), target));
    }

    private Reduced direct(INDArray input, LabelSequences labels) {
        Batch batch = batch(Rows.ofSequences(input, steps(input)), classes(input), labels, false, Place.DIRECT);
        return new Reduced(this, batch, sequences(input), 1, null);
    }

    private static int steps(INDArray input) {
        return Math.toIntExact(input.size(0));
    }

    private static int sequences(INDArray input) {
        return input.rank() == 3 ? Math.toIntExact(input.size(1)) : 1;
    }

    private static int classes(INDArray input) {
        return Math.toIntExact(input.size(input.rank() - 1));
    }

    @Override
    TargetKind checkDirect(INDArray input, INDArray target) {
        if (input.rank() != 2 && input.rank() != 3) {
            throw new IllegalArgumentException(
                    "log-probabilities must have shape (T, N, C) or (T, C), got " + TorchNames.size(input));
        }
        TargetShapes.requireFloating(input, "ctc_loss_cpu");
        TargetShapes.requireIndexDtype(target);
        requireBlankIsAClass(classes(input));
        if (steps(input) == 0) {
            throw new IllegalArgumentException(
                    "start (0) + length (1) exceeds dimension size (0). (the log-probabilities" + " of shape "
                            + TorchNames.size(input) + " have no steps)");
        }
        return TargetKind.INDICES;
    }

    private void requireBlankIsAClass(int classes) {
        if (blank >= classes) {
            throw new IllegalArgumentException(
                    "blank must be in label range (blank is " + blank + ", the input has " + classes + " classes)");
        }
    }

    @Override
    long[] lossShape(INDArray input, INDArray target) {
        return input.rank() == 3 ? new long[] {input.size(1)} : new long[0];
    }

    // ---- what DL4J calls ----

    @Override
    TargetKind checkNetwork(INDArray labels, INDArray input) {
        long steps = getPositionsPerExample();
        if (steps == 1 && labels.length() == input.size(0)) {
            throw new IllegalArgumentException(
                    "CTCLoss must know how many steps a sequence has, which DL4J does not tell"
                            + " a loss: use CTCOutputLayer in place of RnnOutputLayer, or set positionsPerExample(T)");
        }
        if (input.size(0) % steps != 0) {
            throw new IllegalArgumentException("the output layer has " + input.size(0)
                    + " rows, which is not a multiple of positionsPerExample, " + steps
                    + ": it must be the number of steps of every sequence, masked ones included");
        }
        long sequences = input.size(0) / steps;
        if (labels.length() != input.size(0) && !(labels.rank() == 2 && labels.size(0) == sequences)) {
            throw new IllegalArgumentException("labels have shape " + TorchNames.size(labels) + ", but must be ["
                    + input.size(0)
                    + ", 1], one number for each step: the classes of a label, then -1 (labels [N, 1, T]"
                    + " of an RnnOutputLayer; CTCOutputLayer takes [N, 1, S])");
        }
        requireBlankIsAClass(classes(input));
        return TargetKind.INDICES;
    }

    @Override
    Batch batch(TargetKind kind, INDArray input, INDArray target, boolean fused, OutputMask mask, Place place) {
        int steps = Math.toIntExact(getPositionsPerExample());
        LabelSequences labels =
                LabelSequences.ofRows(Math.toIntExact(input.size(0)), steps, classes(input), target, blank, mask);
        return batch(Rows.ofSequences(input, steps), classes(input), labels, fused, place);
    }

    private Batch batch(Rows rows, int classes, LabelSequences labels, boolean fused, Place place) {
        CTCKernel kernel = new CTCKernel(
                classes,
                labels.labels(),
                labels.inputLengths(),
                blank,
                zeroInfinity,
                fused,
                getReduction() == Reduction.MEAN);
        return Batch.sequences(kernel, rows, labels.kept(), place);
    }

    @Override
    String coupling(IActivation activation) {
        return "CTCLoss has one class per step";
    }

    @Override
    public LossInput takes() {
        return LossInput.LOG_PROBABILITIES;
    }

    @Override
    public boolean hasLossPerRow() {
        return true;
    }

    @Override
    public boolean hasLossPerSequence() {
        return true;
    }

    /**
     * The class that stands between labels.
     *
     * @return 0 by default, as in torch
     */
    public int getBlank() {
        return blank;
    }

    /**
     * Whether a label that has no alignment has the loss and gradient 0.
     *
     * @return false by default, as in torch
     */
    public boolean isZeroInfinity() {
        return zeroInfinity;
    }

    /**
     * Builds a {@link CTCLoss}.
     *
     * <pre>{@code
     * CTCLoss.builder().blank(26).zeroInfinity(true).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends LossBuilder<Builder> {
        private int blank;
        private boolean zeroInfinity;

        private Builder() {}

        /**
         * The class that stands between labels; torch's {@code blank}.
         *
         * @param blank 0 by default; a class of the input
         * @return this builder
         */
        public Builder blank(int blank) {
            this.blank = blank;
            return this;
        }

        /**
         * Whether a label that has no alignment has the loss and gradient 0, in place of infinity and NaN; torch's
         * {@code zero_infinity}. Its sequence still counts in a mean.
         *
         * @param zeroInfinity false by default
         * @return this builder
         */
        public Builder zeroInfinity(boolean zeroInfinity) {
            this.zeroInfinity = zeroInfinity;
            return this;
        }

        @Override
        public CTCLoss build() {
            validateCommon();
            if (blank < 0) {
                throw new IllegalArgumentException(
                        "blank must be in label range (got " + blank + ", allowed are 0 and more)");
            }
            return new CTCLoss(this);
        }
    }
}
