/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.shape.TargetShapes;
import java.util.Arrays;
import java.util.StringJoiner;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the two binary cross entropies share: a weight per output. */
abstract class WeightedOutputLoss extends OutputLoss {
    private static final long serialVersionUID = 1L;

    /** One number per output, one number for all, or null. */
    private final double[] weight;

    WeightedOutputLoss(Builder<?> builder) {
        super(builder);
        this.weight = builder.weight;
    }

    @Override
    final boolean reads(Head head) {
        return head == Head.IDENTITY || head == Head.SIGMOID;
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

    @Override
    public final String toString() {
        StringJoiner description = description();
        if (weight != null) {
            description.add("weight=" + Arrays.toString(weight));
        }
        describeOwn(description);
        description.add("reduction=" + getReduction());
        describeCommon(description);
        return description.toString();
    }

    /** Adds the options of the loss itself that differ from the default. */
    void describeOwn(StringJoiner description) {}

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
