/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.target.ClassRange;
import io.github.dl4jlosses.internal.target.ClassTargets;
import io.github.dl4jlosses.internal.target.TargetKind;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The common part of likelihoods of classes: {@code ignoreIndex}, and class weights that form the denominator. */
abstract class LikelihoodLoss extends ClassLoss {
    private static final long serialVersionUID = 1L;
    static final long DEFAULT_IGNORE_INDEX = -100;

    /** Any number. */
    private final long ignoreIndex;

    LikelihoodLoss(Builder<?> builder) {
        super(builder);
        this.ignoreIndex = builder.ignoreIndex;
    }

    /** Checks that the options go with probabilities. */
    void requireOptionsFitProbabilities(INDArray input) {}

    @Override
    final void requireOptionsFit(TargetKind kind, INDArray input) {
        if (kind == TargetKind.NUMBERS) {
            requireOptionsFitProbabilities(input);
        } else {
            TargetShapes.requireWeightPerClass(weight(), input, "", false);
        }
    }

    @Override
    final void requireIndices(INDArray input, INDArray target) {
        TargetShapes.requireIndices(input, target);
    }

    @Override
    final ClassRange range(int classes) {
        return ClassRange.ignoring(ignoreIndex, classes);
    }

    @Override
    final double meanDenominator(ClassTargets targets) {
        return targets.totalWeight(weight());
    }

    /**
     * The target that marks a row to leave out.
     *
     * @return -100 by default, as in torch
     */
    public long getIgnoreIndex() {
        return ignoreIndex;
    }

    /** The options of a likelihood. */
    abstract static class Builder<B extends Builder<B>> extends ClassLoss.Builder<B> {
        private long ignoreIndex = DEFAULT_IGNORE_INDEX;

        Builder() {}

        /**
         * The weight of each class; torch's {@code weight}. For class indices the sum of the weights of the kept
         * targets is the denominator of the mean.
         *
         * <p>DL4J's iterators give one-hot labels. {@link CrossEntropyLoss} reads labels of the output's shape as
         * probabilities, as torch does, so its mean divides by the number of rows, not by weights. For the mean of
         * class indices add {@code targetFormat(TargetFormat.ONE_HOT)}.
         *
         * @param weight as many numbers as the input has classes; negative ones and NaN are allowed, as in torch
         * @return this builder
         */
        @Override
        public B weight(double... weight) {
            return super.weight(weight);
        }

        /**
         * The target that marks a row to leave out; torch's {@code ignore_index}.
         *
         * @param ignoreIndex -100 by default; may be a class, or any other number
         * @return this builder
         */
        public B ignoreIndex(long ignoreIndex) {
            this.ignoreIndex = ignoreIndex;
            return self();
        }
    }
}
