/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.kernel.SoftMarginKernel;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.target.TargetKind;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * The logistic loss of scores whose targets are 1 and -1; torch's {@code nn.SoftMarginLoss}. It is
 * {@link BCEWithLogitsLoss} for labels written with signs: the target (t + 1) / 2 gives the same loss.
 *
 * <p>Formula, per element with score x and target t: l = log(1 + exp(-t x)), gradient -t / (1 + exp(t x)).
 *
 * <p>Shapes: input and target of one shape, of any rank (torch broadcasts a smaller target without a warning). Any
 * numbers, as in torch, also targets other than 1 and -1. The target may have another dtype, even an integer one.
 *
 * <p>Options: {@code reduction} (MEAN).
 *
 * <p>Mean: the sum divided by the number of elements.
 *
 * <p>In a network under an identity head the pre-output is the score; any other activation is applied first. Labels
 * have the output's shape; a mask is per row or per output; under a softmax, per row only. Scaling: see
 * {@link TorchLoss}.
 *
 * <p>The mean of an empty batch is NaN unless {@link EmptyMean} says otherwise. Loss and gradient of finite numbers are
 * finite: where {@code exp(-t x)} overflows, torch gives an infinite loss and the gradient NaN. An infinite score of
 * the wrong sign has an infinite loss and the gradient -t. There is no gradient with respect to the target, as in
 * torch.
 *
 * <pre>{@code
 * INDArray score = Nd4j.createFromArray(0.5, -1000.0);
 * INDArray target = Nd4j.createFromArray(-1.0, 1.0);
 * new SoftMarginLoss().value(score, target); // 500.48703849209005
 * }</pre>
 *
 * <p>Reference: torch.nn.SoftMarginLoss, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class SoftMarginLoss extends ElementLoss {
    private static final long serialVersionUID = 1L;

    private static final Options<SoftMarginLoss, Builder> OPTIONS = Options.<SoftMarginLoss, Builder>of(
                    SoftMarginLoss::builder)
            .reduction()
            .andCommon();

    /** Torch's default: mean. */
    public SoftMarginLoss() {
        this(new Builder());
    }

    private SoftMarginLoss(Builder builder) {
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
    static SoftMarginLoss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<SoftMarginLoss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    @Override
    void requireDirect(INDArray input, INDArray target) {
        TargetShapes.requireSizeOfResult(input, target);
        TargetShapes.requireFloatingResult(target, input, "input");
    }

    @Override
    void requireTargetGradient(TargetKind kind, INDArray target) {
        throw new UnsupportedOperationException(
                "The function 'soft_margin_loss' is not differentiable with respect to argument 'target'. This input"
                        + " cannot have requires_grad True. (SoftMarginLoss has no gradient with respect to its target)");
    }

    @Override
    Kernel kernel(boolean fused, DataType type) {
        return new SoftMarginKernel();
    }

    @Override
    public LossInput takes() {
        return LossInput.SCORES;
    }

    /**
     * Builds a {@link SoftMarginLoss}.
     *
     * <pre>{@code
     * SoftMarginLoss.builder().reduction(Reduction.SUM).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends LossBuilder<Builder> {
        private Builder() {}

        @Override
        public SoftMarginLoss build() {
            validateCommon();
            return new SoftMarginLoss(this);
        }
    }
}
