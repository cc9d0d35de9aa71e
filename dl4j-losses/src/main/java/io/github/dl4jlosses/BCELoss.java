/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.BinaryCrossEntropyKernel;
import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.kernel.UnitInterval;
import io.github.dl4jlosses.internal.kernel.ValueCheck;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.shape.TorchNames;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Binary cross entropy of probabilities; torch's {@code nn.BCELoss}.
 *
 * <p>Formula, per element with probability p and target y: l = -w (y log p + (1-y) log(1-p)), both logarithms clamped at
 * -100; gradient w (p-y) / max(p (1-p), 1e-12).
 *
 * <p>Shapes: input and target of one shape, of any rank; both in [0, 1], else an error, as in torch. The target may have
 * another floating dtype.
 *
 * <p>Options: {@code weight} (none), one number for each output, along dimension 1 (0 for rank 1; torch broadcasts from
 * the last dimension); or one number for all; or, in direct calls, an array of any shape that torch broadcasts to the
 * input, such as (N, 1); {@code reduction} (MEAN).
 *
 * <p>Mean: the sum divided by the number of elements, never by weights.
 *
 * <p>In a network under a sigmoid head this is torch's sigmoid followed by BCELoss in the network's dtype: the
 * probability is rounded to it before the logarithm, so it saturates. {@link BCEWithLogitsLoss} does not. Under an
 * identity head the pre-output is the probability; any other activation is applied first. Labels have the output's
 * shape; a mask is per row or per output. Scaling: see {@link TorchLoss}.
 *
 * <p>The mean of an empty batch is NaN unless {@link EmptyMean} says otherwise. NaN in input or target is an error.
 *
 * <pre>{@code
 * INDArray probability = Nd4j.createFromArray(0.5, 0.25);
 * INDArray target = Nd4j.createFromArray(1.0, 0.0);
 * new BCELoss().value(probability, target); // 0.4904146265058631
 * }</pre>
 *
 * <p>Reference: torch.nn.BCELoss, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class BCELoss extends WeightedElementLoss {
    private static final long serialVersionUID = 1L;

    private static final Options<BCELoss, Builder> OPTIONS = Options.<BCELoss, Builder>of(BCELoss::builder)
            .with("weight", double[].class, BCELoss::getWeight, Builder::weightNumbers)
            .whereSet("weightShape", long[].class, BCELoss::getWeightShape, Builder::weightShape)
            .reduction()
            .andCommon();

    /** Torch's defaults: mean, no weights. */
    public BCELoss() {
        this(new Builder());
    }

    private BCELoss(Builder builder) {
        super(builder);
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
    static BCELoss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<BCELoss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    @Override
    void requireDirect(INDArray input, INDArray target) {
        if (!Arrays.equals(input.shape(), target.shape())) {
            throw new IllegalArgumentException("Using a target size (" + TorchNames.pythonSize(target)
                    + ") that is different to the input size (" + TorchNames.pythonSize(input)
                    + ") is deprecated. Please ensure they have the same size.");
        }
        TargetShapes.requireFloating(input, "binary_cross_entropy");
        if (!target.dataType().isFPType()) {
            throw new IllegalArgumentException("Found dtype " + TorchNames.dtype(target) + " but expected "
                    + TorchNames.dtype(input) + " (the target must have a floating dtype)");
        }
    }

    @Override
    Kernel kernel(boolean fused, DataType type) {
        return fused ? new BinaryCrossEntropyKernel.OfSigmoid(weight(), type) : super.kernel(false, type);
    }

    @Override
    Kernel kernel(double[] weight, double[] posWeight) {
        return new BinaryCrossEntropyKernel(weight);
    }

    @Override
    ValueCheck check(boolean fused) {
        return new UnitInterval(fused, "all elements of %s should be between 0 and 1");
    }

    @Override
    public LossInput takes() {
        return LossInput.PROBABILITIES;
    }

    /**
     * Builds a {@link BCELoss}.
     *
     * <pre>{@code
     * BCELoss.builder().weight(1, 2, 1).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends WeightedElementLoss.Builder<Builder> {

        private Builder() {}

        @Override
        public BCELoss build() {
            validateWeighted();
            return new BCELoss(this);
        }
    }
}
