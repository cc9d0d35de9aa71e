/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.Pass;
import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.Place;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.shape.TorchNames;
import io.github.dl4jlosses.internal.target.ClassTargets;
import io.github.dl4jlosses.internal.target.OutputMask;
import java.util.Arrays;
import java.util.StringJoiner;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the losses of one class per row share: class weights, {@code ignoreIndex}, the forms of a target. */
abstract class ClassLoss extends TorchLoss {
    private static final long serialVersionUID = 1L;
    static final long DEFAULT_IGNORE_INDEX = -100;

    /** One number per class, or null. */
    private final double[] weight;

    /** Any number. */
    private final long ignoreIndex;

    /** How a target is read. */
    private final TargetFormat targetFormat;

    ClassLoss(Builder<?> builder) {
        super(builder);
        this.weight = builder.weight;
        this.ignoreIndex = builder.ignoreIndex;
        this.targetFormat = builder.targetFormat;
    }

    /** The kernel for class indices. */
    abstract Kernel indexKernel(int classes, Head head);

    @Override
    final boolean reads(Head head) {
        return head == Head.IDENTITY || head.isSoftmax();
    }

    @Override
    final String coupling(Head head) {
        return name() + " has one class per row";
    }

    final Batch directIndices(INDArray input, INDArray target) {
        TargetShapes.requireIndices(input, target);
        TargetShapes.requireWeightPerClass(weight, input, "", false);
        requireIndexDtype(target);
        return indices(Rows.of(input), Rows.ofSingles(target), Head.IDENTITY, null, Place.DIRECT);
    }

    private static void requireIndexDtype(INDArray target) {
        if (!target.dataType().isNumerical()) {
            throw new IllegalArgumentException("expected scalar type Long but found " + TorchNames.dtype(target)
                    + " (class indices must have an integer dtype, or whole numbers in a floating one)");
        }
    }

    final Batch directOneHot(INDArray input, INDArray target) {
        requireSameShapeOneHot(input, target, "target has", "input");
        TargetShapes.requireWeightPerClass(weight, input, "", false);
        return oneHot(Rows.of(input), Rows.of(target), Head.IDENTITY, null, Place.DIRECT);
    }

    @Override
    void checkNetwork(INDArray labels, INDArray input) {
        TargetShapes.requireWeightPerClass(weight, input, "", false);
        if (Arrays.equals(labels.shape(), input.shape())) {
            return;
        }
        if (targetFormat == TargetFormat.ONE_HOT) {
            requireSameShapeOneHot(input, labels, "labels have", "output layer");
        }
        boolean oneIndexPerRow =
                labels.length() == input.size(0) && (labels.rank() == 1 || (labels.rank() == 2 && labels.size(1) == 1));
        if (!oneIndexPerRow) {
            throw new IllegalArgumentException("labels have shape " + TorchNames.size(labels)
                    + ", but the output layer has " + TorchNames.size(input)
                    + ": give labels of that shape, or class indices of shape [" + input.size(0) + ", 1]");
        }
    }

    /** Labels of a network that are indices or one-hot. */
    final Batch networkClasses(INDArray labels, INDArray input, Head head, OutputMask mask) {
        return Arrays.equals(labels.shape(), input.shape())
                ? oneHot(Rows.of(input), Rows.of(labels), head, mask, Place.NETWORK)
                : indices(Rows.of(input), Rows.ofSingles(labels), head, mask, Place.NETWORK);
    }

    private static void requireSameShapeOneHot(INDArray input, INDArray target, String has, String other) {
        if (!Arrays.equals(input.shape(), target.shape())) {
            throw new IllegalArgumentException("one-hot target expected: the " + has + " shape "
                    + TorchNames.size(target) + ", but must have the " + other + "'s, " + TorchNames.size(input));
        }
    }

    private Batch indices(Rows input, Rows target, Head head, OutputMask mask, Place place) {
        return batch(input, ClassTargets.fromIndices(target, input.classes(), ignoreIndex, mask, place), head, place);
    }

    private Batch oneHot(Rows input, Rows target, Head head, OutputMask mask, Place place) {
        return batch(input, ClassTargets.fromOneHot(target, ignoreIndex, mask, place), head, place);
    }

    private Batch batch(Rows input, ClassTargets classes, Head head, Place place) {
        Pass pass = Pass.classes(indexKernel(input.classes(), head), input, classes, place);
        return new Batch(pass, classes.totalWeight(weight));
    }

    /** The weights themselves, for the loss's own use. */
    final double[] weight() {
        return weight;
    }

    /**
     * The weight of each class.
     *
     * @return a copy, or null where every class weighs 1
     */
    public double[] getWeight() {
        return weight == null ? null : weight.clone();
    }

    /**
     * The target that means: leave this row out.
     *
     * @return -100 by default, as in torch
     */
    public long getIgnoreIndex() {
        return ignoreIndex;
    }

    /**
     * How a target is read.
     *
     * @return {@link TargetFormat#AUTO} by default
     */
    public TargetFormat getTargetFormat() {
        return targetFormat;
    }

    @Override
    public final String toString() {
        StringJoiner description = description();
        if (weight != null) {
            description.add("weight=" + Arrays.toString(weight));
        }
        description.add("ignoreIndex=" + ignoreIndex).add("reduction=" + getReduction());
        describeOwn(description);
        if (targetFormat != TargetFormat.AUTO) {
            description.add("targetFormat=" + targetFormat);
        }
        describeCommon(description);
        return description.toString();
    }

    /** Adds the options of the loss itself that differ from the default. */
    void describeOwn(StringJoiner description) {}

    /** The options of a class loss. */
    abstract static class Builder<B extends Builder<B>> extends LossBuilder<B> {
        private double[] weight;
        private long ignoreIndex = DEFAULT_IGNORE_INDEX;
        private TargetFormat targetFormat = TargetFormat.AUTO;

        Builder() {}

        /**
         * The weight of each class; torch's {@code weight}. Weights of the kept targets make up the denominator of the
         * mean for class indices.
         *
         * <p>Labels of a DL4J iterator are one-hot. {@link CrossEntropyLoss} reads labels of the output's shape as
         * probabilities, as torch does, and then its mean divides by the number of rows, not by weights. For the mean of
         * class indices add {@code targetFormat(TargetFormat.ONE_HOT)}.
         *
         * @param weight as many numbers as the input has classes; negative ones and NaN are taken as they are, as in torch
         * @return this builder
         */
        public B weight(double... weight) {
            this.weight = Arguments.requireNumbers(weight, "weight");
            return self();
        }

        /**
         * The target that means: leave this row out; torch's {@code ignore_index}.
         *
         * @param ignoreIndex -100 by default; may be a class, or any other number
         * @return this builder
         */
        public B ignoreIndex(long ignoreIndex) {
            this.ignoreIndex = ignoreIndex;
            return self();
        }

        /**
         * How a target is read.
         *
         * @param targetFormat {@link TargetFormat#AUTO} by default
         * @return this builder
         */
        public B targetFormat(TargetFormat targetFormat) {
            this.targetFormat = targetFormat;
            return self();
        }

        final void configure(double[] weight, Long ignoreIndex, TargetFormat targetFormat) {
            this.weight = weight == null ? null : Arguments.requireNumbers(weight, "weight");
            this.ignoreIndex = ignoreIndex == null ? this.ignoreIndex : ignoreIndex;
            this.targetFormat = targetFormat == null ? this.targetFormat : targetFormat;
        }

        final void validate(String name) {
            validateCommon(false, name);
            Arguments.requireNonNull(targetFormat, "targetFormat");
        }
    }
}
