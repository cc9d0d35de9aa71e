/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.Batch;
import io.github.dl4jlosses.internal.Pass;
import io.github.dl4jlosses.internal.memory.Broadcast;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.network.AppliedActivation;
import io.github.dl4jlosses.internal.shape.Arguments;
import io.github.dl4jlosses.internal.shape.Place;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.target.OutputMask;
import io.github.dl4jlosses.internal.target.TargetKind;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonValue;

/**
 * A loss of PyTorch, callable like torch's function and usable as the loss function of any DL4J network.
 *
 * <p>The functional form follows torch: (C), (N, C) or (N, C, d1..dk) inputs with the class dimension at 1 (0 for rank
 * 1), results in the input's dtype, sums in double. The network form ({@link ILossFunction}) reads the output layer's
 * activation, so that a softmax or sigmoid head is never applied twice, and scales value and gradient so that the
 * reported score and the step are torch's:
 *
 * <table>
 * <caption>What DL4J gets, with R rows, S positions per example (1, T, H·W) and mu the loss as torch reduces it</caption>
 * <tr><th>{@code miniBatch}</th><th>returned</th><th>score and step</th></tr>
 * <tr><td>true (default)</td><td>(R/S) mu</td><td>mu, where {@code positionsPerExample} is S; S mu with the default
 * of 1</td></tr>
 * <tr><td>true, with BATCHMEAN</td><td>the sum</td><td>mu, for any S: the scale of DL4J's cross entropies, with any mask</td></tr>
 * <tr><td>false</td><td>mu</td><td>exactly torch's; by a bug of DL4J, loss layers and CenterLossOutputLayer report the
 * score divided by the number of examples</td></tr>
 * <tr><td>false, with BATCHMEAN</td><td>the sum times P/R, with P the {@code positionsPerExample}</td><td>mu, where
 * {@code positionsPerExample} is S</td></tr>
 * </table>
 *
 * <p>All of these are multiplied by {@code factor}, 1 by default: the weight of this output's loss in the sum over a
 * graph's outputs.
 *
 * <p>Set {@code miniBatch} as in the network's configuration. In truncated back-propagation, a last segment shorter
 * than S is still scaled by S; {@code miniBatch(false)} avoids this.
 *
 * <p>Losses are immutable, may be shared between threads and networks, and survive DL4J's JSON, YAML and Java
 * serialization with every option. Bad input throws an {@link IllegalArgumentException} that names the value and its
 * place.
 *
 * <pre>{@code
 * INDArray logits = Nd4j.createFromArray(new double[][] {{0, 0}});
 * INDArray target = Nd4j.createFromArray(new long[] {0});
 * TorchLoss loss = CrossEntropyLoss.builder().labelSmoothing(.1).build();
 * loss.value(logits, target); // 0.6931471805599453
 * }</pre>
 *
 * <p>Reference: torch.nn losses of torch 2.7.1.
 *
 * @since 0.1.0
 */
public abstract class TorchLoss implements ILossFunction {
    private static final long serialVersionUID = 1L;

    /** Never null. */
    private final Reduction reduction;

    /** As the network's configuration says. */
    private final boolean miniBatch;

    /** At least 1. */
    private final long positionsPerExample;

    /** The mean of an empty batch. */
    private final EmptyMean emptyMean;

    /** Finite. */
    private final double factor;

    TorchLoss(LossBuilder<?> builder) {
        this.reduction = builder.reduction();
        this.miniBatch = builder.miniBatch();
        this.positionsPerExample = builder.positionsPerExample();
        this.emptyMean = builder.emptyMean();
        this.factor = builder.factor();
    }

    // ---- what each loss says of itself ----

    /** The options; JSON, equality, copies and descriptions are made from them. */
    abstract Options<?, ?> optionList();

    /** Checks a direct call, in torch's order and words, before any value is read; says what the target holds. */
    abstract TargetKind checkDirect(INDArray input, INDArray target);

    /** Checks options and shapes of a network's call, before any value is read; says what the labels hold. */
    abstract TargetKind checkNetwork(INDArray labels, INDArray input);

    /**
     * Prepares a checked call.
     *
     * @param fused whether the input is the pre-output of an activation that the loss computes through
     * @param mask the rows or outputs of a network's call that count; null: all
     */
    abstract Batch batch(TargetKind kind, INDArray input, INDArray target, boolean fused, OutputMask mask, Place place);

    /** Why outputs of a row cannot be masked individually under this activation, and which loss can; null: they can. */
    abstract String coupling(IActivation activation);

    /** Whether the numbers of a row form one example; otherwise each number is an example. */
    boolean takesRows() {
        return hasLossPerRow();
    }

    /** The shape of torch's losses before they are reduced. */
    long[] lossShape(INDArray input, INDArray target) {
        return hasLossPerRow() ? TargetShapes.withoutClasses(input) : input.shape();
    }

    /** Whether torch broadcasts input and target of different shapes. */
    boolean broadcasts() {
        return false;
    }

    /** Refuses a target that has no gradient in torch. */
    void requireTargetGradient(TargetKind kind, INDArray target) {
        if (kind != TargetKind.NUMBERS) {
            throw new UnsupportedOperationException(name() + " has no gradient with respect to its target");
        }
    }

    // ---- torch's functional form ----

    /**
     * The reduced loss.
     *
     * @param input (C), (N, C) or (N, C, d1..dk), floating
     * @param target as the loss's class documents
     * @return the loss, not rounded to the input's dtype; for float32 inputs it may be off by a few ulp of a float
     * @throws IllegalArgumentException where torch raises an error, with torch's message and the place
     */
    public final double value(INDArray input, INDArray target) {
        return direct(input, target).value();
    }

    /**
     * The derivative of {@link #value} with respect to the input.
     *
     * @param input as in {@link #value}
     * @param target as in {@link #value}
     * @return a new array of the input's shape and dtype
     * @throws IllegalArgumentException as in {@link #value}
     */
    public final INDArray gradient(INDArray input, INDArray target) {
        return Broadcast.sumBack(direct(input, target).gradient(), input);
    }

    /**
     * {@link #value} and {@link #gradient} in one pass.
     *
     * @param input as in {@link #value}
     * @param target as in {@link #value}
     * @return both
     * @throws IllegalArgumentException as in {@link #value}
     */
    public final LossAndGradient valueAndGradient(INDArray input, INDArray target) {
        LossAndGradient both = direct(input, target).valueAndGradient();
        return new LossAndGradient(both.value(), Broadcast.sumBack(both.gradient(), input));
    }

    /**
     * The loss of each element or row, torch's {@code reduction='none'}; the reduction of this loss is ignored.
     *
     * @param input as in {@link #value}
     * @param target as in {@link #value}
     * @return a new array of torch's shape and the input's dtype
     * @throws IllegalArgumentException as in {@link #value}
     */
    public final INDArray unreduced(INDArray input, INDArray target) {
        return unreduced(direct(input, target).batch(), input.dataType(), target);
    }

    final INDArray unreduced(Batch batch, DataType type, INDArray target) {
        INDArray losses = Rows.newArray(type, lossShape(batch.input().array(), target));
        Pass.losses(batch, factor, batch.lossPerRow() ? Rows.ofSingles(losses) : Rows.of(losses));
        return losses;
    }

    /**
     * The derivative of {@link #value} with respect to the target, where torch has one.
     *
     * @param input as in {@link #value}
     * @param target as in {@link #value}
     * @return a new array of the target's shape and dtype
     * @throws UnsupportedOperationException where torch has none: class indices, one-hot targets, {@link NLLLoss}
     * @throws IllegalArgumentException as in {@link #value}
     */
    public final INDArray targetGradient(INDArray input, INDArray target) {
        TargetKind kind = checkedKind(input, target);
        requireTargetGradient(kind, target);
        Reduced reduced = direct(kind, input, target);
        // broadcasting made a double of the target; the gradient gets the target's own dtype at the end
        INDArray like = reduced.batch().target().array();
        INDArray gradient = Rows.newArray(like.dataType(), like.shape());
        reduced.targetGradientInto(gradient);
        return Broadcast.sumBack(gradient, target);
    }

    private TargetKind checkedKind(INDArray input, INDArray target) {
        Arguments.requireNonNull(input, "input");
        Arguments.requireNonNull(target, "target");
        return checkDirect(input, target);
    }

    private Reduced direct(INDArray input, INDArray target) {
        return direct(checkedKind(input, target), input, target);
    }

    /** A checked direct call, on its way to a reduction. */
    Reduced direct(TargetKind kind, INDArray input, INDArray target) {
        INDArray x = input;
        INDArray t = target;
        if (broadcasts() && !Arrays.equals(input.shape(), target.shape())) {
            // torch's functions of this kind name the target first
            long[] shape = Broadcast.shape(target, "target", input, "input");
            x = Broadcast.to(shape, input);
            t = Broadcast.to(shape, target);
        }
        Batch batch = batch(kind, x, t, false, null, Place.DIRECT);
        // a single row of classes, or a single number, is one example
        double examples = input.rank() > (takesRows() ? 1 : 0) ? input.size(0) : 1;
        return new Reduced(this, batch, examples, 1, null);
    }

    // ---- what DL4J calls ----

    @Override
    public final double computeScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask, boolean average) {
        return averaged(network(labels, preOutput, activationFn, mask).value(), preOutput, average);
    }

    @Override
    public final INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        return rowLosses(network(labels, preOutput, activationFn, mask).batch(), preOutput);
    }

    final INDArray rowLosses(Batch batch, INDArray preOutput) {
        INDArray scores = Rows.newArray(preOutput.dataType(), preOutput.size(0), 1);
        if (batch.input().count() < preOutput.size(0)) {
            // a sequence has its loss at its first step
            scores.assign(0);
        }
        Pass.rowLosses(batch, factor, Rows.of(scores), reduction == Reduction.MEAN);
        return scores;
    }

    @Override
    public final INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        Reduced reduced = network(labels, preOutput, activationFn, mask);
        return reduced.throughActivation(reduced.gradient());
    }

    @Override
    public final Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask, boolean average) {
        Reduced reduced = network(labels, preOutput, activationFn, mask);
        LossAndGradient both = reduced.valueAndGradient();
        return Pair.of(averaged(both.value(), preOutput, average), reduced.throughActivation(both.gradient()));
    }

    private static double averaged(double score, INDArray preOutput, boolean average) {
        return average ? score / preOutput.size(0) : score;
    }

    private Reduced network(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        Arguments.requireNonNull(labels, "labels");
        Arguments.requireNonNull(preOutput, "preOutput");
        Arguments.requireNonNull(activation, "activationFn");
        Arguments.requireRows(preOutput);
        return applied(networkBatch(labels, preOutput, activation, mask), preOutput.size(0), preOutput, activation);
    }

    private Batch networkBatch(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        TargetKind kind = checkNetwork(labels, preOutput);
        OutputMask outputMask = mask == null
                ? null
                : OutputMask.of(mask, preOutput.size(0), (int) preOutput.size(1), coupling(activation));
        return batch(kind, preOutput, labels, takes().isFusedWith(activation), outputMask, Place.NETWORK);
    }

    /**
     * A checked batch over a pre-output; the activation is applied first unless the loss computes through it.
     *
     * @param rows of the whole batch
     */
    final Reduced applied(Batch batch, long rows, INDArray preOutput, IActivation activation) {
        // without outputs there is nothing to apply it to, and ND4J's softmax of an empty array crashes the JVM
        AppliedActivation applied = preOutput.isEmpty() || takes().isReadThrough(activation)
                ? null
                : new AppliedActivation(activation, preOutput);
        double examples = (double) rows / positionsPerExample;
        // DL4J divides by the examples it counts where miniBatch is on; the factor undoes it
        return new Reduced(
                this,
                applied == null ? batch : batch.over(applied.output()),
                examples,
                miniBatch ? examples : 1,
                applied);
    }

    /**
     * The same loss for a layer that never holds its whole pre-output. Labels and mask are checked, and the denominator
     * of a mean is computed from them, before the first row of the pre-output exists.
     *
     * @param labels as in {@link #computeScore}
     * @param activationFn of the layer
     * @param mask as in {@link #computeScore}, or null
     * @param preOutput the dtype of the pre-output that comes in parts
     * @param outputs the number of its columns; its rows are those of the labels
     * @param rows the number of its rows
     * @return an object that takes the parts one by one
     * @throws IllegalArgumentException as in {@link #computeScore}
     */
    public final LossInParts inParts(
            INDArray labels, IActivation activationFn, INDArray mask, DataType preOutput, long rows, long outputs) {
        Arguments.requireNonNull(labels, "labels");
        Arguments.requireNonNull(activationFn, "activationFn");
        INDArray standIn = Rows.standIn(preOutput, rows, outputs);
        Arguments.requireRows(standIn);
        return new LossInParts(
                this, networkBatch(labels, standIn, activationFn, mask).lasting(), activationFn);
    }

    /**
     * The name of the loss in torch.
     *
     * @return the simple name of the class
     */
    @Override
    public final String name() {
        return getClass().getSimpleName();
    }

    // ---- options ----

    /**
     * How the losses become one number.
     *
     * @return the reduction, {@link Reduction#MEAN} by default
     */
    public final Reduction getReduction() {
        return reduction;
    }

    /**
     * Whether the network divides gradients by its minibatch size; the same as in its configuration.
     *
     * @return true by default, as in DL4J
     */
    public final boolean isMiniBatch() {
        return miniBatch;
    }

    /**
     * The number of positions of an example: time steps of a sequence, pixels of an image.
     *
     * @return 1 by default
     */
    public final long getPositionsPerExample() {
        return positionsPerExample;
    }

    /**
     * The mean of an empty batch.
     *
     * @return {@link EmptyMean#NAN} by default, as in torch
     */
    public final EmptyMean getEmptyMean() {
        return emptyMean;
    }

    /**
     * The factor of the loss.
     *
     * @return 1 by default
     */
    public final double getFactor() {
        return factor;
    }

    /**
     * The kind of input that the loss takes, which decides the activations that suit it.
     *
     * @return the kind of input; in most losses no option changes it
     */
    public abstract LossInput takes();

    /**
     * Whether each row of classes has one loss; otherwise each number of the target has one.
     *
     * @return true if {@link #unreduced} gives one number per row
     */
    public abstract boolean hasLossPerRow();

    /**
     * How many outputs of a layer belong to one number of its labels.
     *
     * @return 1 for most losses; 2 where one output is a mean and another one a variance
     */
    public int outputsPerLabel() {
        return 1;
    }

    /**
     * Whether a sequence of rows has one label, and one loss, as a whole.
     *
     * @return false for most losses, whose rows have labels of their own
     */
    public boolean hasLossPerSequence() {
        return false;
    }

    /**
     * The options by their names in the builder and in JSON.
     *
     * @return copies of the values; null for an option that is not set
     */
    public final Map<String, Object> options() {
        return Collections.unmodifiableMap(list().values(this));
    }

    /**
     * A builder with the options of this loss.
     *
     * @return a new builder, which builds an equal loss
     */
    public abstract LossBuilder<?> toBuilder();

    /** The content of DL4J's JSON, to which DL4J adds the name of the class. */
    @JsonValue
    final Map<String, Object> toJson() {
        return list().toJson(this);
    }

    @Override
    public final boolean equals(Object other) {
        // each class has its own list of options
        return other instanceof TorchLoss
                && optionList() == ((TorchLoss) other).optionList()
                && list().areEqual(this, (TorchLoss) other);
    }

    @Override
    public final int hashCode() {
        return 31 * name().hashCode() + list().hash(this);
    }

    /**
     * The loss as torch would print it, with the options that differ from their defaults.
     *
     * @return such as {@code CrossEntropyLoss(ignoreIndex=-100, reduction=MEAN, labelSmoothing=0.1)}
     */
    @Override
    public final String toString() {
        return list().describe(this);
    }

    /** Each loss has the list of its own class. */
    @SuppressWarnings("unchecked")
    private Options<TorchLoss, ?> list() {
        return (Options<TorchLoss, ?>) optionList();
    }
}
