/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.Batch;
import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.Arguments;
import io.github.dl4jlosses.internal.shape.Place;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.target.ClassRange;
import io.github.dl4jlosses.internal.target.ClassTargets;
import io.github.dl4jlosses.internal.target.OutputMask;
import io.github.dl4jlosses.internal.target.TargetKind;
import java.util.Arrays;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The common part of losses with one class per row: class weights and the forms of a target. */
abstract class ClassLoss extends TorchLoss {
    private static final long serialVersionUID = 1L;

    /** One number per class, or null. */
    private final double[] weight;

    /** How a target is read. */
    private final TargetFormat targetFormat;

    ClassLoss(Builder<?> builder) {
        super(builder);
        this.weight = builder.weight;
        this.targetFormat = builder.targetFormat;
    }

    /** The kind of a target of the input's shape if the target format is AUTO. */
    abstract TargetKind ofInputsShape(INDArray target);

    /**
     * For losses without probabilities in torch: torch reads a single target number for a single input number as an
     * index.
     */
    static boolean isSingleIndex(INDArray target) {
        return target.rank() == 0
                || (target.rank() == 1
                        && target.length() == 1
                        && !target.dataType().isFPType());
    }

    /** The kernel for class indices. */
    abstract Kernel indexKernel(int classes, boolean fused);

    /** The indices that are classes, and the message for others. */
    abstract ClassRange range(int classes);

    /** The denominator of the mean of class indices. */
    abstract double meanDenominator(ClassTargets targets);

    /** The same batch, with the terms of the loss separate where torch divides each of them by a denominator of 0. */
    Batch withTerms(Batch batch, int classes) {
        return batch;
    }

    /** A batch of probabilities. */
    Batch probabilities(Rows input, Rows target, OutputMask mask, Place place) {
        throw new IllegalStateException(name() + " has no probabilities for targets");
    }

    /** Checks that the options go with what the target holds. */
    abstract void requireOptionsFit(TargetKind kind, INDArray input);

    /** Checks the shapes and dtypes that every kind of target needs, in torch's order and words. */
    abstract void requireInput(TargetKind kind, INDArray input, INDArray target);

    /** Checks the shape of class indices, in torch's order and words. */
    abstract void requireIndices(INDArray input, INDArray target);

    /** Checks the input's dtype, which torch does after shapes and options. */
    void requireInputDtype(INDArray input) {}

    private TargetKind kind(INDArray target, INDArray input) {
        if (targetFormat == TargetFormat.ONE_HOT) {
            return TargetKind.ONE_HOT;
        }
        return Arrays.equals(input.shape(), target.shape()) ? ofInputsShape(target) : TargetKind.INDICES;
    }

    @Override
    final TargetKind checkDirect(INDArray input, INDArray target) {
        TargetKind kind = kind(target, input);
        requireInput(kind, input, target);
        if (kind == TargetKind.INDICES) {
            requireIndices(input, target);
        } else if (kind == TargetKind.ONE_HOT) {
            TargetShapes.requireOneHotShape(input, target, "target has", "input");
        }
        requireOptionsFit(kind, input);
        requireInputDtype(input);
        if (kind == TargetKind.INDICES) {
            TargetShapes.requireIndexDtype(target);
        }
        return kind;
    }

    @Override
    final TargetKind checkNetwork(INDArray labels, INDArray input) {
        TargetKind kind = kind(labels, input);
        requireOptionsFit(kind, input);
        if (kind == TargetKind.ONE_HOT) {
            TargetShapes.requireOneHotShape(input, labels, "labels have", "output layer");
        } else {
            Arguments.requireLabelsOfRows(labels, input);
        }
        return kind;
    }

    @Override
    final Batch batch(TargetKind kind, INDArray input, INDArray target, boolean fused, OutputMask mask, Place place) {
        Rows rows = Rows.of(input);
        if (kind == TargetKind.NUMBERS) {
            return probabilities(rows, Rows.of(target), mask, place);
        }
        ClassRange range = range(rows.classes());
        ClassTargets targets = kind == TargetKind.ONE_HOT
                ? ClassTargets.fromOneHot(Rows.of(target), range, mask, place)
                : ClassTargets.fromIndices(Rows.ofSingles(target), range, mask, place);
        Kernel kernel = indexKernel(rows.classes(), fused);
        return withTerms(Batch.classes(kernel, rows, targets, place, meanDenominator(targets)), rows.classes());
    }

    @Override
    public final boolean hasLossPerRow() {
        return true;
    }

    @Override
    final String coupling(IActivation activation) {
        return name() + " has one class per row; for independent classes use BCEWithLogitsLoss";
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
     * How a target is read.
     *
     * @return {@link TargetFormat#AUTO} by default
     */
    public TargetFormat getTargetFormat() {
        return targetFormat;
    }

    /** The options of a class loss. */
    abstract static class Builder<B extends Builder<B>> extends LossBuilder<B> {
        private double[] weight;
        private TargetFormat targetFormat = TargetFormat.AUTO;

        Builder() {}

        /**
         * The weight of each class; torch's {@code weight}. It multiplies the loss of the rows of that class.
         *
         * @param weight as many numbers as the input has classes; negative ones and NaN are allowed, as in torch
         * @return this builder
         */
        public B weight(double... weight) {
            this.weight = Arguments.requireNumbers(weight, "weight");
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

        final void validate() {
            validateCommon();
            Arguments.requireNonNull(targetFormat, "targetFormat");
        }
    }
}
