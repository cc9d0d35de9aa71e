/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.grid.Configuration.TargetForm;
import java.util.Arrays;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss with numbers to feed it, all made from a configuration and a seed: the same for ND4J and for torch.
 *
 * <pre>{@code
 * LossCase example = LossCase.random(configuration, 42);
 * double value = example.loss().value(example.input(), example.target());
 * }</pre>
 *
 * @since 0.1.0
 */
public final class LossCase {
    /** Results of a larger term are compared relatively, so that one huge element does not excuse the others. */
    private static final double LARGEST_TERM = 1000;

    private final String description;
    private final TorchLoss loss;
    private final TorchTensor torchInput;
    private final TorchTensor torchTarget;
    private final INDArray input;
    private final INDArray target;

    private LossCase(
            String description,
            TorchLoss loss,
            TorchTensor torchInput,
            TorchTensor torchTarget,
            INDArray input,
            INDArray target) {
        this.description = description;
        this.loss = loss;
        this.torchInput = torchInput;
        this.torchTarget = torchTarget;
        this.input = input;
        this.target = target;
    }

    /**
     * A case of given numbers.
     *
     * @param loss the loss
     * @param input its input
     * @param target its target
     * @return the case
     */
    public static LossCase of(TorchLoss loss, TorchTensor input, TorchTensor target) {
        return new LossCase(loss + " of given numbers", loss, input, target, input.toArray(), target.toArray());
    }

    /**
     * A case of random numbers.
     *
     * @param configuration the options and the kind of numbers
     * @param seed what the shape, the options' numbers and the data are drawn from
     * @return the same case for the same arguments
     */
    public static LossCase random(Configuration configuration, long seed) {
        Random random = new Random(seed);
        CaseNumbers numbers = new CaseNumbers(configuration, random);
        long[] shape = numbers.shape();
        int classes = (int) shape[shape.length == 1 ? 0 : 1];
        long ignoreIndex = numbers.ignoreIndex(classes);
        TorchLoss loss = loss(configuration, numbers, classes, ignoreIndex);
        TorchTensor input = numbers.input(shape);
        TorchTensor target = configuration.form() == TargetForm.DENSE
                ? numbers.target(shape)
                : numbers.indices(withoutClasses(shape), classes, ignoreIndex);
        Layout layout = new Layout(random);
        INDArray targetArray = switch (configuration.form()) {
            case DENSE -> layout.of(target);
            case INDEX -> layout.ofIndices(target);
            case ONE_HOT -> layout.of(numbers.oneHot(target, shape));
        };
        String description = "LossCase.random(" + configuration + ", " + seed + "L) of " + loss;
        return new LossCase(description, loss, input, target, layout.of(input), targetArray);
    }

    private static TorchLoss loss(Configuration configuration, CaseNumbers numbers, int classes, long ignoreIndex) {
        double[] weight = numbers.weights(configuration.weight(), classes);
        double[] posWeight = numbers.weights(configuration.posWeight(), classes);
        return switch (configuration.family()) {
            case BCE ->
                (weight == null ? BCELoss.builder() : BCELoss.builder().weight(weight))
                        .reduction(configuration.reduction())
                        .build();
            case BCE_WITH_LOGITS -> {
                BCEWithLogitsLoss.Builder logits = BCEWithLogitsLoss.builder().reduction(configuration.reduction());
                if (weight != null) {
                    logits.weight(weight);
                }
                yield (posWeight == null ? logits : logits.posWeight(posWeight)).build();
            }
            case NLL ->
                (weight == null ? NLLLoss.builder() : NLLLoss.builder().weight(weight))
                        .ignoreIndex(ignoreIndex)
                        .targetFormat(format(configuration))
                        .reduction(configuration.reduction())
                        .build();
            case CROSS_ENTROPY ->
                (weight == null
                                ? CrossEntropyLoss.builder()
                                : CrossEntropyLoss.builder().weight(weight))
                        .ignoreIndex(ignoreIndex)
                        .labelSmoothing(configuration.smoothing())
                        .targetFormat(format(configuration))
                        .reduction(configuration.reduction())
                        .build();
            case KL_DIV ->
                KLDivLoss.builder()
                        .logTarget(configuration.logTarget())
                        .reduction(configuration.reduction())
                        .build();
            case HUBER ->
                HuberLoss.builder()
                        .delta(configuration.delta())
                        .reduction(configuration.reduction())
                        .build();
        };
    }

    private static TargetFormat format(Configuration configuration) {
        return configuration.form() == TargetForm.ONE_HOT ? TargetFormat.ONE_HOT : TargetFormat.AUTO;
    }

    private static long[] withoutClasses(long[] shape) {
        long[] rest = new long[shape.length - 1];
        for (int d = 0; d < rest.length; d++) {
            rest[d] = shape[d == 0 ? 0 : d + 1];
        }
        return rest;
    }

    /**
     * The loss with its options.
     *
     * @return one of the library's
     */
    public TorchLoss loss() {
        return loss;
    }

    /**
     * The input for ND4J.
     *
     * @return an array of 'c' or 'f' order, or a view
     */
    public INDArray input() {
        return input;
    }

    /**
     * The target for ND4J.
     *
     * @return an array of any order, class indices of any dtype
     */
    public INDArray target() {
        return target;
    }

    /**
     * The input for torch.
     *
     * @return the same numbers
     */
    public TorchTensor torchInput() {
        return torchInput;
    }

    /**
     * The target for torch; class indices where ND4J gets one-hot rows.
     *
     * @return the same numbers
     */
    public TorchTensor torchTarget() {
        return torchTarget;
    }

    /**
     * Whether torch has a gradient with respect to the target.
     *
     * @return true for targets of the input's shape, unless they are one-hot
     */
    public boolean hasTargetGradient() {
        return torchTarget.type().isFloatingPoint() && !(loss instanceof NLLLoss);
    }

    /**
     * The scale of the terms whose rounding decides how near a float32 result can be: twice the largest input that enters
     * it. That is the element itself for the losses of single elements, its row for the losses of classes, and everything
     * for a reduced value.
     *
     * @param results how many results there are: one, one per row, or one per element
     * @return a number from 1 to 1000 for each
     */
    public double[] largestTerms(int results) {
        double[] x = torchInput.toDoubles();
        double[] terms = new double[results];
        long[] shape = torchInput.shape();
        boolean ofClasses = loss instanceof CrossEntropyLoss || loss instanceof NLLLoss;
        int classes = ofClasses && shape.length > 0 ? (int) shape[shape.length == 1 ? 0 : 1] : 1;
        int inner = 1;
        for (int d = 2; d < shape.length; d++) {
            inner *= (int) shape[d];
        }
        boolean perRow = results > 1 && results * classes == x.length;
        boolean perElement = results > 1 && results == x.length;
        Arrays.fill(terms, 1);
        for (int i = 0; i < x.length; i++) {
            double term = Double.isFinite(x[i]) ? Math.min(LARGEST_TERM, 2 * Math.abs(x[i])) : 1;
            int row = ofClasses ? i / inner / classes * inner + i % inner : i;
            if (perElement) {
                for (int c = 0; c < classes; c++) {
                    int place = ofClasses ? row / inner * classes * inner + c * inner + row % inner : i;
                    terms[place] = Math.max(terms[place], term);
                }
            } else if (perRow) {
                terms[row] = Math.max(terms[row], term);
            } else {
                // a reduced value, or one that was broadcast
                for (int k = 0; k < results; k++) {
                    terms[k] = Math.max(terms[k], term);
                }
            }
        }
        return terms;
    }

    /**
     * What brings the case back.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return description + ", input " + torchInput.type() + Arrays.toString(torchInput.shape());
    }
}
