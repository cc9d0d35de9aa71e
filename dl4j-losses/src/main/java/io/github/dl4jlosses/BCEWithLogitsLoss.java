/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.kernel.LogitsKernel;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Binary cross entropy of logits, stable for any logit; torch's {@code nn.BCEWithLogitsLoss}.
 *
 * <p>Formula, per element with logit x, target y and v = {@code posWeight}:
 * l = w ((1-y) softplus(x) + v y softplus(-x)), gradient w ((1-y) sigma(x) - v y sigma(-x)).
 *
 * <p>Shapes: input and target of one shape, of any rank. All numbers are allowed, as in torch, also targets outside [0,
 * 1]. The target may have another floating dtype.
 *
 * <p>Options: {@code weight} (none) and {@code posWeight} (none), one number for each output, along dimension 1 (0 for
 * rank 1; torch broadcasts from the last dimension); or one number for all; or, in direct calls, an array of any shape
 * that torch broadcasts to the input, such as (N, 1); {@code reduction} (MEAN).
 *
 * <p>Mean: the sum divided by the number of elements, never by weights.
 *
 * <p>In a network the pre-output is the logit, under an identity head and under a sigmoid head, which outputs
 * probabilities; no sigmoid is applied twice. Any other activation is applied first. Labels have the output's shape; a
 * mask is per row or per output. Scaling: see {@link TorchLoss}.
 *
 * <p>The mean of an empty batch is NaN unless {@link EmptyMean} says otherwise. Infinite logits give torch's pattern of
 * NaN and infinity.
 *
 * <pre>{@code
 * INDArray logit = Nd4j.createFromArray(-20.0, 0.0);
 * INDArray target = Nd4j.createFromArray(1.0, 0.0);
 * new BCEWithLogitsLoss().value(logit, target); // 10.346573591310548
 * }</pre>
 *
 * <p>Reference: torch.nn.BCEWithLogitsLoss, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class BCEWithLogitsLoss extends WeightedElementLoss {
    private static final long serialVersionUID = 1L;

    private static final Options<BCEWithLogitsLoss, Builder> OPTIONS = Options.<BCEWithLogitsLoss, Builder>of(
                    BCEWithLogitsLoss::builder)
            .with("weight", double[].class, BCEWithLogitsLoss::getWeight, Builder::weightNumbers)
            .whereSet("weightShape", long[].class, BCEWithLogitsLoss::getWeightShape, Builder::weightShape)
            .with("posWeight", double[].class, BCEWithLogitsLoss::getPosWeight, Builder::posWeightNumbers)
            .whereSet("posWeightShape", long[].class, BCEWithLogitsLoss::getPosWeightShape, Builder::posWeightShape)
            .reduction()
            .andCommon();

    /** An array that is broadcast, one number per output, or null. */
    private final OutputWeight posWeight;

    /** Torch's defaults: mean, no weights. */
    public BCEWithLogitsLoss() {
        this(new Builder());
    }

    private BCEWithLogitsLoss(Builder builder) {
        super(builder);
        this.posWeight = builder.posWeight;
    }

    /**
     * A builder with torch's defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static BCEWithLogitsLoss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<BCEWithLogitsLoss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    @Override
    void requireDirect(INDArray input, INDArray target) {
        TargetShapes.requireSizeOfLogits(input, target);
        TargetShapes.requireFloating(input, "log_sigmoid_cpu");
        TargetShapes.requireFloatingResult(input, target, "target");
    }

    @Override
    OutputWeight positive() {
        return posWeight;
    }

    @Override
    Kernel kernel(double[] weight, double[] posWeight) {
        return new LogitsKernel(weight, posWeight);
    }

    /**
     * The weight of positive targets: a number per output, or the numbers of a broadcast weight in row-major order.
     *
     * @return a copy, or null where positive and negative targets weigh the same
     */
    public double[] getPosWeight() {
        return posWeight.copyOfNumbers();
    }

    /**
     * The shape of a weight of positive targets that is broadcast to the input.
     *
     * @return a copy, or null for the usual form: one number per output, one for all, or none
     */
    public long[] getPosWeightShape() {
        return posWeight.copyOfShape();
    }

    @Override
    public LossInput takes() {
        return LossInput.LOGITS_OF_OUTPUTS;
    }

    /**
     * Builds a {@link BCEWithLogitsLoss}.
     *
     * <pre>{@code
     * BCEWithLogitsLoss.builder().posWeight(1, 9).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends WeightedElementLoss.Builder<Builder> {
        private OutputWeight posWeight = OutputWeight.none(OutputWeight.Times.POSITIVE_TARGETS);

        private Builder() {}

        /**
         * The weight of positive targets; torch's {@code pos_weight}.
         *
         * @param posWeight as many numbers as there are outputs, or one for all; negative ones and NaN are allowed, as
         *     in torch
         * @return this builder
         */
        public Builder posWeight(double... posWeight) {
            this.posWeight = this.posWeight.of(posWeight);
            return this;
        }

        /**
         * A weight of positive targets, broadcast to the input as {@link #weight(INDArray)} is.
         *
         * @param posWeight of any dtype; of rank 0 or 1 the same as {@link #posWeight(double...)}
         * @return this builder
         */
        public Builder posWeight(INDArray posWeight) {
            this.posWeight = this.posWeight.of(posWeight);
            return this;
        }

        /** The numbers alone, as JSON and copies set them; the shape is set separately. */
        private void posWeightNumbers(double... numbers) {
            posWeight = posWeight.withNumbers(numbers);
        }

        private void posWeightShape(long... shape) {
            posWeight = posWeight.withShape(shape);
        }

        @Override
        public BCEWithLogitsLoss build() {
            validateWeighted();
            posWeight.validate();
            return new BCEWithLogitsLoss(this);
        }
    }
}
