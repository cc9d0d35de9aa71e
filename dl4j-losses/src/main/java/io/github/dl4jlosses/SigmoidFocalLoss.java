/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.kernel.SigmoidFocalKernel;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Focal loss of logits: binary cross entropy that gives easy examples less weight; {@code sigmoid_focal_loss} of
 * torchvision. It is for many easy negatives and few positives, as in object detection.
 *
 * <p>Formula, per element with logit x, target t, p = sigma(x), u = t (1-p) + (1-t) p the probability of being wrong, and ce
 * the binary cross entropy: l = a ce u^{@code gamma}, with a = {@code alpha} t + (1 - alpha) (1 - t), or 1 where alpha is
 * -1. The gradient is a (u^gamma (p - t) + gamma ce u^(gamma-1) p (1-p) (1-2t)).
 *
 * <p>Shapes: input and target of one shape, of any rank. All numbers are allowed, as in torch, also targets outside [0,
 * 1]. The target may have another floating dtype.
 *
 * <p>Options: {@code alpha} (0.25), the weight of positive targets, from 0 to 1, or -1 for no weights; {@code gamma}
 * (2), any number; both kept as doubles; {@code reduction} (MEAN; torchvision's own default is none).
 *
 * <p>Mean: the sum divided by the number of elements.
 *
 * <p>In a network the pre-output is the logit, under an identity head and under a sigmoid head, which outputs
 * probabilities; no sigmoid is applied twice. Any other activation is applied first. Labels have the output's shape; a
 * mask is per row or per output. Scaling: see {@link TorchLoss}.
 *
 * <p>The mean of an empty batch is NaN unless {@link EmptyMean} says otherwise. The result is exact for logits of any
 * size; where p rounds to 1, torch's loss is 0, and its gradient NaN if gamma is below 1.
 *
 * <pre>{@code
 * INDArray logit = Nd4j.createFromArray(0.0, 2.0);
 * INDArray target = Nd4j.createFromArray(1.0, 0.0);
 * new SigmoidFocalLoss().value(logit, target); // 0.6404401666755266
 * }</pre>
 *
 * <p>Reference: torchvision.ops.sigmoid_focal_loss, over the kernels of torch 2.7.1; Lin et al., "Focal Loss for Dense Object
 * Detection", 2017.
 *
 * @since 0.1.0
 */
public final class SigmoidFocalLoss extends ElementLoss {
    private static final long serialVersionUID = 1L;

    /** The alpha that stands for no weights. */
    private static final double NO_WEIGHTS = -1;

    private static final Options<SigmoidFocalLoss, Builder> OPTIONS = Options.<SigmoidFocalLoss, Builder>of(
                    SigmoidFocalLoss::builder)
            .with("alpha", Double.class, SigmoidFocalLoss::getAlpha, Builder::alpha)
            .with("gamma", Double.class, SigmoidFocalLoss::getGamma, Builder::gamma)
            .reduction()
            .andCommon();

    /** From 0 to 1, or -1. */
    private final double alpha;

    /** Any number. */
    private final double gamma;

    /** Torchvision's defaults, an alpha of 0.25 and a gamma of 2, and the mean. */
    public SigmoidFocalLoss() {
        this(new Builder());
    }

    private SigmoidFocalLoss(Builder builder) {
        super(builder);
        this.alpha = builder.alpha;
        this.gamma = builder.gamma;
    }

    /**
     * A builder with torchvision's defaults, and the mean.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static SigmoidFocalLoss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<SigmoidFocalLoss, Builder> optionList() {
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
    Kernel kernel(boolean fused, DataType type) {
        return new SigmoidFocalKernel(alpha, gamma);
    }

    /**
     * The weight of positive targets.
     *
     * @return from 0 to 1, or -1 for no weights; 0.25 by default
     */
    public double getAlpha() {
        return alpha;
    }

    /**
     * The power of the probability of being wrong.
     *
     * @return 2 by default
     */
    public double getGamma() {
        return gamma;
    }

    @Override
    public LossInput takes() {
        return LossInput.LOGITS_OF_OUTPUTS;
    }

    /**
     * Builds a {@link SigmoidFocalLoss}.
     *
     * <pre>{@code
     * SigmoidFocalLoss.builder().alpha(0.5).gamma(1).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends LossBuilder<Builder> {
        private double alpha = 0.25;
        private double gamma = 2;

        private Builder() {}

        /**
         * The weight of positive targets; negative ones get 1 - alpha. Torchvision's {@code alpha}.
         *
         * @param alpha from 0 to 1, or -1 for no weights; 0.25 by default
         * @return this builder
         */
        public Builder alpha(double alpha) {
            this.alpha = alpha;
            return this;
        }

        /**
         * The power of the probability of being wrong; torchvision's {@code gamma}. 0 makes it a weighted cross entropy.
         *
         * @param gamma any number, as in torchvision; 2 by default
         * @return this builder
         */
        public Builder gamma(double gamma) {
            this.gamma = gamma;
            return this;
        }

        @Override
        public SigmoidFocalLoss build() {
            validateCommon();
            // false for NaN as well
            boolean isWeight = alpha >= 0 && alpha <= 1;
            if (!isWeight && alpha != NO_WEIGHTS) {
                throw new IllegalArgumentException("Invalid alpha value: " + alpha
                        + ". alpha must be in the range [0,1] or -1 for ignore. (got " + alpha + ")");
            }
            return new SigmoidFocalLoss(this);
        }
    }
}
