/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.Pass;
import io.github.dl4jlosses.internal.memory.NewArrays;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.target.OutputMask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonAnySetter;

/**
 * A loss of PyTorch: callable as torch's function, and a loss function for any DL4J network.
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
 * of 1, which is DL4J's convention for sequences and images</td></tr>
 * <tr><td>true, with BATCHMEAN</td><td>the sum</td><td>mu, for any S</td></tr>
 * <tr><td>false</td><td>mu</td><td>exactly torch's</td></tr>
 * <tr><td>false, with BATCHMEAN</td><td>the sum times P/R, with P the {@code positionsPerExample}</td><td>mu, where
 * {@code positionsPerExample} is S</td></tr>
 * </table>
 *
 * <p>{@code miniBatch} must be set as in the network's configuration. A last segment of truncated back-propagation
 * that is shorter than S is scaled by the S that was given; {@code miniBatch(false)} has no such condition.
 *
 * <p>Losses are immutable, may be shared between threads and networks, and survive DL4J's JSON, YAML and Java
 * serialization with every option. Bad input is an {@link IllegalArgumentException} that names value and place.
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

    /** MEAN, SUM or, for the divergence, BATCHMEAN. */
    private final Reduction reduction;

    /** As the network's configuration says. */
    private final boolean miniBatch;

    /** At least 1. */
    private final long positionsPerExample;

    /** What a mean over nothing is. */
    private final EmptyMean emptyMean;

    TorchLoss(LossBuilder<?> builder) {
        this.reduction = builder.reduction();
        this.miniBatch = builder.miniBatch();
        this.positionsPerExample = builder.positionsPerExample();
        this.emptyMean = builder.emptyMean();
    }

    // ---- what each loss says of itself ----

    /** Checks a direct call and prepares it. */
    abstract Batch direct(INDArray input, INDArray target);

    /** Checks options and shapes of a network's call, before any value is read. */
    abstract void checkNetwork(INDArray labels, INDArray input);

    /** Prepares a checked call of a network; {@code head} is one that {@link #reads}, {@code mask} may be null. */
    abstract Batch network(INDArray labels, INDArray input, Head head, OutputMask mask);

    /** Whether the loss computes from the pre-output of this head; any other activation is applied first. */
    abstract boolean reads(Head head);

    /** What the loss takes for its input. */
    abstract LossInput takes();

    /** What couples the outputs of a row under this head, for messages; null: nothing. */
    abstract String coupling(Head head);

    /** The options beyond those of every loss: values for equality. */
    abstract List<Object> ownOptions();

    /** This loss with one option changed. */
    abstract TorchLoss withMiniBatch(boolean changed);

    // ---- torch's functional form ----

    /**
     * The reduced loss.
     *
     * @param input (C), (N, C) or (N, C, d1..dk), floating
     * @param target as the loss's class documents
     * @return the loss, not rounded to the input's dtype; of float32 inputs it may have a float's error, a few ulp
     * @throws IllegalArgumentException where torch raises an error, with torch's message and the place
     */
    public final double value(INDArray input, INDArray target) {
        Batch batch = checkedDirect(input, target);
        double denominator = directDenominator(batch, input);
        return isEmptyMean(denominator) ? 0 : reduced(batch, batch.pass().sum(1 / denominator), denominator);
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
        Batch batch = checkedDirect(input, target);
        double denominator = directDenominator(batch, input);
        INDArray gradient = NewArrays.of(batch.pass().input().array());
        if (isEmptyMean(denominator)) {
            gradient.assign(0);
        } else {
            batch.pass().gradient(1 / denominator, Rows.of(gradient));
        }
        return finishGradient(gradient, input);
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
        Batch batch = checkedDirect(input, target);
        double denominator = directDenominator(batch, input);
        INDArray gradient = NewArrays.of(batch.pass().input().array());
        if (isEmptyMean(denominator)) {
            return new LossAndGradient(0, finishGradient(gradient.assign(0), input));
        }
        double sum = batch.pass().run(1 / denominator, Rows.of(gradient), null);
        return new LossAndGradient(reduced(batch, sum, denominator), finishGradient(gradient, input));
    }

    /**
     * The loss of each element or row, torch's {@code reduction='none'}; the reduction of this object plays no part.
     *
     * @param input as in {@link #value}
     * @param target as in {@link #value}
     * @return a new array of torch's shape and the input's dtype
     * @throws IllegalArgumentException as in {@link #value}
     */
    public final INDArray unreduced(INDArray input, INDArray target) {
        Pass pass = checkedDirect(input, target).pass();
        INDArray shaped = pass.input().array();
        boolean perRow = pass.kernel().lossPerRow();
        INDArray losses = NewArrays.of(input.dataType(), perRow ? TargetShapes.withoutClasses(shaped) : shaped.shape());
        pass.losses(perRow ? Rows.ofSingles(losses) : Rows.of(losses));
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
    public INDArray targetGradient(INDArray input, INDArray target) {
        throw new UnsupportedOperationException(name() + " has no gradient with respect to its target");
    }

    /** {@link #targetGradient} of the losses that have one. */
    final INDArray computeTargetGradient(INDArray input, INDArray target) {
        Batch batch = checkedDirect(input, target);
        double denominator = directDenominator(batch, input);
        INDArray like = batch.pass().input().array();
        // broadcast inputs have been brought to one shape and to double; the target's dtype comes back at the end
        DataType type = like == input ? target.dataType() : like.dataType();
        INDArray gradient = NewArrays.of(type, like.shape());
        if (isEmptyMean(denominator)) {
            gradient.assign(0);
        } else {
            batch.pass().run(1 / denominator, null, Rows.of(gradient));
        }
        return finishGradient(gradient, target);
    }

    /** Brings a gradient back to the argument's shape and dtype where the loss had broadcast it. */
    INDArray finishGradient(INDArray gradient, INDArray argument) {
        return gradient;
    }

    private Batch checkedDirect(INDArray input, INDArray target) {
        Arguments.requireNonNull(input, "input");
        Arguments.requireNonNull(target, "target");
        return direct(input, target);
    }

    private double directDenominator(Batch batch, INDArray input) {
        return reduction == Reduction.SUM
                ? 1
                : reduction == Reduction.MEAN ? batch.meanDenominator() : input.rank() == 0 ? 1 : input.size(0);
    }

    private boolean isEmptyMean(double denominator) {
        return denominator == 0 && emptyMean == EmptyMean.ZERO;
    }

    /** The sum over the denominator. */
    double reduced(Batch batch, double sum, double denominator) {
        return sum / denominator;
    }

    // ---- what DL4J calls ----

    @Override
    public final double computeScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask, boolean average) {
        NetworkCall call = new NetworkCall(this, labels, preOutput, activationFn, mask);
        double denominator = networkDenominator(call);
        if (isEmptyMean(denominator)) {
            return 0;
        }
        double sum = call.batch().pass().sum(networkFactor(call) / denominator);
        return score(call, sum, denominator, average);
    }

    @Override
    public final INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        NetworkCall call = new NetworkCall(this, labels, preOutput, activationFn, mask);
        INDArray scores = NewArrays.of(preOutput.dataType(), call.rows(), 1);
        call.batch().pass().rowLosses(Rows.of(scores), reduction == Reduction.MEAN);
        return scores;
    }

    @Override
    public final INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        NetworkCall call = new NetworkCall(this, labels, preOutput, activationFn, mask);
        double denominator = networkDenominator(call);
        INDArray gradient = NewArrays.of(preOutput);
        if (isEmptyMean(denominator)) {
            return gradient.assign(0);
        }
        call.batch().pass().gradient(networkFactor(call) / denominator, Rows.of(gradient));
        return call.throughActivation(gradient);
    }

    @Override
    public final Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask, boolean average) {
        NetworkCall call = new NetworkCall(this, labels, preOutput, activationFn, mask);
        double denominator = networkDenominator(call);
        INDArray gradient = NewArrays.of(preOutput);
        if (isEmptyMean(denominator)) {
            return Pair.of(0.0, gradient.assign(0));
        }
        double sum = call.batch().pass().run(networkFactor(call) / denominator, Rows.of(gradient), null);
        return Pair.of(score(call, sum, denominator, average), call.throughActivation(gradient));
    }

    private double score(NetworkCall call, double sum, double denominator, boolean average) {
        double score = reduced(call.batch(), sum, denominator) * networkFactor(call);
        return average ? score / call.rows() : score;
    }

    /** DL4J divides by the examples it counts where {@code miniBatch} is on; this undoes it. */
    private double networkFactor(NetworkCall call) {
        return miniBatch ? examples(call) : 1;
    }

    private double networkDenominator(NetworkCall call) {
        return reduction == Reduction.SUM
                ? 1
                : reduction == Reduction.MEAN ? call.batch().meanDenominator() : examples(call);
    }

    private double examples(NetworkCall call) {
        return (double) call.rows() / positionsPerExample;
    }

    /**
     * The name of the loss, as torch has it.
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
     * Whether the network divides gradients by its minibatch size, as its configuration says.
     *
     * @return true by default, as in DL4J
     */
    public final boolean isMiniBatch() {
        return miniBatch;
    }

    /**
     * The positions that an example has: time steps of a sequence, pixels of an image.
     *
     * @return 1 by default
     */
    public final long getPositionsPerExample() {
        return positionsPerExample;
    }

    /**
     * What a mean over nothing is.
     *
     * @return {@link EmptyMean#NAN} by default, as in torch
     */
    public final EmptyMean getEmptyMean() {
        return emptyMean;
    }

    /** DL4J reads JSON without complaint about names that nobody knows; an option left out would be another loss. */
    @JsonAnySetter
    @SuppressWarnings("DoNotCallSuggester")
    final void refuseOption(String option, Object value) {
        throw new IllegalArgumentException(name() + " has no option '" + option + "' (here " + value
                + "); the model was saved by another version of this library, or its JSON was edited");
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof TorchLoss && options().equals(((TorchLoss) other).options());
    }

    @Override
    public final int hashCode() {
        return options().hashCode();
    }

    private List<Object> options() {
        List<Object> options = new ArrayList<>(ownOptions());
        options.add(name());
        options.addAll(Arrays.asList(reduction, miniBatch, positionsPerExample, emptyMean));
        return options;
    }

    /** Adds the options that every loss has to a description: the reduction, and what differs from the default. */
    final void describeCommon(StringJoiner description) {
        if (!miniBatch) {
            description.add("miniBatch=false");
        }
        if (positionsPerExample != 1) {
            description.add("positionsPerExample=" + positionsPerExample);
        }
        if (emptyMean != EmptyMean.NAN) {
            description.add("emptyMean=" + emptyMean);
        }
    }

    final StringJoiner description() {
        return new StringJoiner(", ", name() + "(", ")");
    }
}
