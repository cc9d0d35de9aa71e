/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.kernel.MultiLabelSoftMarginKernel;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.target.TargetKind;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Binary cross entropy of rows of logits, in which any number of classes may be true; torch's
 * {@code nn.MultiLabelSoftMarginLoss}. Its mean is that of {@link BCEWithLogitsLoss}, but each row has one loss, the
 * mean over its classes.
 *
 * <p>Formula, for a row of C logits x with targets t and weights w: l = sum over c of w_c ((1 - t_c) softplus(x_c) + t_c
 * softplus(-x_c)) / C, gradient w_c (sigma(x_c) - t_c) / C.
 *
 * <p>Shapes: input and target of one shape, (C) or (N, C) (torch broadcasts others without a warning). With more
 * dimensions torch has the classes in the last one, and this library in dimension 1; so such direct calls are refused.
 * All numbers are allowed, as in torch, also targets outside [0, 1]. The target may have another dtype, even an integer
 * one.
 *
 * <p>Options: {@code weight} (none), one number per class; or one for all; or, in direct calls, an array of any shape
 * that torch broadcasts to the input, such as (N, 1); {@code reduction} (MEAN).
 *
 * <p>Mean: the sum of the rows' losses divided by the number of rows, never by weights.
 *
 * <p>In a network the pre-output is the logit, under an identity head and under a sigmoid head, which outputs
 * probabilities; no sigmoid is applied twice. Any other activation is applied first. Labels have the output's shape; a
 * time step or pixel is a row of its own. A mask is per row. Scaling: see {@link TorchLoss}.
 *
 * <p>The mean of an empty batch is NaN unless {@link EmptyMean} says otherwise; the loss of a row without classes is
 * NaN. An infinite logit of the right sign has the loss 0, where torch gives NaN.
 *
 * <pre>{@code
 * INDArray logits = Nd4j.createFromArray(new double[][] {{0, 2}, {-1, 0}});
 * INDArray target = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}});
 * new MultiLabelSoftMarginLoss().value(logits, target); // 0.9566210149202716
 * }</pre>
 *
 * <p>Reference: torch.nn.MultiLabelSoftMarginLoss, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class MultiLabelSoftMarginLoss extends WeightedElementLoss {
    private static final long serialVersionUID = 1L;

    private static final Options<MultiLabelSoftMarginLoss, Builder> OPTIONS =
            Options.<MultiLabelSoftMarginLoss, Builder>of(MultiLabelSoftMarginLoss::builder)
                    .with("weight", double[].class, MultiLabelSoftMarginLoss::getWeight, Builder::weightNumbers)
                    .whereSet(
                            "weightShape", long[].class, MultiLabelSoftMarginLoss::getWeightShape, Builder::weightShape)
                    .reduction()
                    .andCommon();

    /** Torch's defaults: mean, no weights. */
    public MultiLabelSoftMarginLoss() {
        this(new Builder());
    }

    private MultiLabelSoftMarginLoss(Builder builder) {
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
    static MultiLabelSoftMarginLoss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<MultiLabelSoftMarginLoss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    @Override
    void requireDirect(INDArray input, INDArray target) {
        TargetShapes.requireFloating(input, "log_sigmoid_cpu");
        TargetShapes.requireSameSizeTargetFirst(input, target);
        TargetShapes.requireRowsOfClasses(input);
    }

    @Override
    void requireTargetGradient(TargetKind kind, INDArray target) {
        TargetShapes.requireDifferentiable(target, "target");
    }

    @Override
    Kernel kernel(double[] weight, double[] posWeight) {
        return new MultiLabelSoftMarginKernel(weight);
    }

    @Override
    public boolean hasLossPerRow() {
        return true;
    }

    @Override
    public LossInput takes() {
        return LossInput.LOGITS_OF_OUTPUTS;
    }

    /**
     * Builds a {@link MultiLabelSoftMarginLoss}.
     *
     * <pre>{@code
     * MultiLabelSoftMarginLoss.builder().weight(1, 9).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends WeightedElementLoss.Builder<Builder> {
        private Builder() {}

        @Override
        public MultiLabelSoftMarginLoss build() {
            validateWeighted();
            return new MultiLabelSoftMarginLoss(this);
        }
    }
}
