/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.grid.Configuration.Ignoring;
import io.github.dl4jlosses.parity.grid.Configuration.TargetForm;
import io.github.dl4jlosses.parity.grid.Configuration.Weighting;
import java.util.Arrays;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss with numbers to feed it, all made from a configuration and a seed: the same for ND4J and for torch.
 *
 * <pre>{@code
 * LossCase example = new LossCase(configuration, 42);
 * double value = example.loss().value(example.input(), example.target());
 * }</pre>
 *
 * @since 0.1.0
 */
public final class LossCase {
    private final Configuration configuration;
    private final long seed;
    private final TorchLoss loss;
    private final TorchTensor input;
    private final TorchTensor torchTarget;
    private final INDArray inputArray;
    private final INDArray targetArray;

    /**
     * Makes the case.
     *
     * @param configuration the options and the kind of numbers
     * @param seed what the shape, the options' numbers and the data are drawn from
     */
    public LossCase(Configuration configuration, long seed) {
        this.configuration = configuration;
        this.seed = seed;
        Random random = new Random(seed);
        CaseNumbers numbers = new CaseNumbers(configuration, random);
        long[] shape = numbers.shape();
        int classes = (int) shape[shape.length == 1 ? 0 : 1];
        long ignoreIndex = ignoreIndex(random, classes);
        this.loss = loss(numbers, classes, ignoreIndex);
        this.input = numbers.input(shape);
        Layout layout = new Layout(random);
        this.inputArray = layout.of(input);
        if (configuration.form() == TargetForm.DENSE) {
            this.torchTarget = numbers.target(shape);
            this.targetArray = layout.of(torchTarget);
        } else {
            this.torchTarget = numbers.indices(withoutClasses(shape), classes, ignoreIndex);
            this.targetArray = configuration.form() == TargetForm.INDEX
                    ? layout.ofIndices(torchTarget)
                    : layout.of(numbers.oneHot(torchTarget, shape));
        }
    }

    private long ignoreIndex(Random random, int classes) {
        return switch (configuration.ignoring()) {
            case A_CLASS -> random.nextInt(classes);
            case OUTSIDE -> new long[] {-100, -1, 255 + classes, Long.MIN_VALUE}[random.nextInt(4)];
            default -> -100;
        };
    }

    private TorchLoss loss(CaseNumbers numbers, int classes, long ignoreIndex) {
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
                        .targetFormat(format())
                        .reduction(configuration.reduction())
                        .build();
            case CROSS_ENTROPY ->
                (weight == null
                                ? CrossEntropyLoss.builder()
                                : CrossEntropyLoss.builder().weight(weight))
                        .ignoreIndex(ignoreIndex)
                        .labelSmoothing(configuration.smoothing())
                        .targetFormat(format())
                        .reduction(configuration.reduction())
                        .build();
            case KL_DIV ->
                KLDivLoss.builder()
                        .logTarget(configuration.logTarget())
                        .reduction(configuration.reduction())
                        .build();
        };
    }

    private TargetFormat format() {
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
     * The configuration.
     *
     * @return as given
     */
    public Configuration configuration() {
        return configuration;
    }

    /**
     * The loss with its options.
     *
     * @return one of the five losses
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
        return inputArray;
    }

    /**
     * The target for ND4J.
     *
     * @return an array of any order, class indices of any dtype
     */
    public INDArray target() {
        return targetArray;
    }

    /**
     * The input for torch.
     *
     * @return the same numbers
     */
    public TorchTensor torchInput() {
        return input;
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
        return configuration.form() == TargetForm.DENSE;
    }

    /**
     * The largest magnitude of the input, the option's numbers and, where they stand for numbers, the target: the scale
     * of the terms whose rounding decides how near two float32 results can be.
     *
     * @return a finite number, at least 1
     */
    public double largestTerm() {
        double largest = 1;
        for (double x : input.toDoubles()) {
            largest = Double.isFinite(x) ? Math.max(largest, 2 * Math.abs(x)) : largest;
        }
        return largest;
    }

    /**
     * What brings the case back.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return "new LossCase(" + configuration + ", " + seed + "L) of " + loss + ", input "
                + Arrays.toString(input.shape()) + " " + input.type() + ", weights "
                + (configuration.weight() != Weighting.NONE) + ", ignoring "
                + (configuration.ignoring() != Ignoring.NOTHING);
    }
}
