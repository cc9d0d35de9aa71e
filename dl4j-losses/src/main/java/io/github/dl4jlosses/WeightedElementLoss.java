/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.kernel.SpreadNumbers;
import io.github.dl4jlosses.internal.kernel.SpreadWeightsKernel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The common part of the binary cross entropies: weights. */
abstract class WeightedElementLoss extends ElementLoss {
    private static final long serialVersionUID = 1L;

    private final OutputWeight weight;

    WeightedElementLoss(Builder<?> builder) {
        super(builder);
        this.weight = builder.weight;
    }

    /** The kernel for weights that are one number per output, one for all, or null. */
    abstract Kernel kernel(double[] weight, double[] posWeight);

    /** The weight of positive targets; none if the loss has no such option. */
    OutputWeight positive() {
        return OutputWeight.none(OutputWeight.Times.POSITIVE_TARGETS);
    }

    @Override
    Kernel kernel(boolean fused, DataType type) {
        return kernel(weight.numbers(), positive().numbers());
    }

    @Override
    final Kernel directKernel(INDArray input) {
        if (!weight.hasShape() && !positive().hasShape()) {
            return super.directKernel(input);
        }
        SpreadNumbers weights = weight.over(input);
        return new SpreadWeightsKernel(weights, positive().over(input), this::kernel);
    }

    @Override
    final void requireOptionsFit(INDArray input) {
        weight.requireFits(input);
        positive().requireFits(input);
    }

    @Override
    final void requireOptionsFitNetwork(INDArray input) {
        weight.requireFitsNetwork(input);
        positive().requireFitsNetwork(input);
    }

    /** The weights themselves, for the loss's own use. */
    final double[] weight() {
        return weight.numbers();
    }

    /**
     * The weight of each output, or the numbers of a broadcast weight in row-major order.
     *
     * @return a copy, or null where every output weighs 1
     */
    public double[] getWeight() {
        return weight.copyOfNumbers();
    }

    /**
     * The shape of a weight that is broadcast to the input.
     *
     * @return a copy, or null for the usual form: one number per output, one for all, or none
     */
    public long[] getWeightShape() {
        return weight.copyOfShape();
    }

    /** The options of a weighted loss. */
    abstract static class Builder<B extends Builder<B>> extends LossBuilder<B> {
        private OutputWeight weight = OutputWeight.none(OutputWeight.Times.LOSSES);

        Builder() {}

        /**
         * The weight of each output; torch's {@code weight}.
         *
         * @param weight as many numbers as there are outputs, or one for all; negative ones and NaN are allowed, as in
         *     torch
         * @return this builder
         */
        public B weight(double... weight) {
            this.weight = this.weight.of(weight);
            return self();
        }

        /**
         * A weight that is broadcast to the input from the last dimension, as in torch: shape (N, 1) weighs examples,
         * the input's shape weighs each element. It is for direct calls; a network accepts it only if the numbers
         * differ along dimension 1 alone, as in the shape (1, C).
         *
         * @param weight of any dtype; of rank 0 or 1 the same as {@link #weight(double...)}
         * @return this builder
         */
        public B weight(INDArray weight) {
            this.weight = this.weight.of(weight);
            return self();
        }

        /** The numbers alone, as JSON and copies set them; the shape is set separately. */
        final void weightNumbers(double... numbers) {
            weight = weight.withNumbers(numbers);
        }

        final void weightShape(long... shape) {
            weight = weight.withShape(shape);
        }

        final void validateWeighted() {
            validateCommon();
            weight.validate();
        }
    }
}
