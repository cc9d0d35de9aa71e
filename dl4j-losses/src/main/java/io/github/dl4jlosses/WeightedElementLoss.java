/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.shape.Arguments;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the two binary cross entropies share: a weight per output. */
abstract class WeightedElementLoss extends ElementLoss {
    private static final long serialVersionUID = 1L;

    /** One number per output, one number for all, or null. */
    private final double[] weight;

    WeightedElementLoss(Builder<?> builder) {
        super(builder);
        this.weight = builder.weight;
    }

    @Override
    void requireOptionsFit(INDArray input) {
        TargetShapes.requireWeightPerOutput(weight, input);
    }

    /** The weights themselves, for the loss's own use. */
    final double[] weight() {
        return weight;
    }

    /**
     * The weight of each output.
     *
     * @return a copy, or null where every output weighs 1
     */
    public double[] getWeight() {
        return weight == null ? null : weight.clone();
    }

    /** The options of a weighted loss. */
    abstract static class Builder<B extends Builder<B>> extends LossBuilder<B> {
        private double[] weight;

        Builder() {}

        /**
         * The weight of each output; torch's {@code weight}.
         *
         * @param weight as many numbers as there are outputs, or one for all; negative ones and NaN are taken as they
         *     are, as in torch
         * @return this builder
         */
        public B weight(double... weight) {
            this.weight = Arguments.requireNumbers(weight, "weight");
            return self();
        }
    }
}
