/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.ClassIndexKernel;
import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.kernel.PickKernel;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.target.TargetKind;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Negative log likelihood of log-probabilities; torch's {@code nn.NLLLoss}.
 *
 * <p>Formula, for a row of log-probabilities x and its class t: l = -w_t x_t.
 *
 * <p>Shapes: input (C), (N, C) or (N, C, d1..dk), any numbers. Target: class indices (), (N) or (N, d1..dk) of any
 * integer dtype, or whole numbers of a floating one. A target of the input's shape, which torch refuses, is read as
 * one-hot, also in a network; only a single integer for a single class is an index, as in torch.
 *
 * <p>Options: {@code weight} (none), {@code ignoreIndex} (-100), {@code reduction} (MEAN), {@code targetFormat} (AUTO).
 *
 * <p>Mean: the sum divided by the sum of the weights of the kept targets, or by their number without weights.
 *
 * <p>In a network under a softmax or {@link ActivationLogSoftmax} head the log-probabilities are log_softmax of the
 * pre-output, fused and stable; under an identity head they are the pre-output itself; any other activation is applied
 * first. Labels are one-hot [R, C] or indices [R, 1]. A mask is per row. Scaling: see {@link TorchLoss}.
 *
 * <p>Ignored rows have gradient 0. The mean of an empty batch is NaN with gradient 0, unless {@link EmptyMean} says
 * otherwise. In a direct call NaN and infinities at other classes than the target have no effect.
 *
 * <pre>{@code
 * INDArray logProbabilities = Nd4j.createFromArray(new double[][] {{-0.5, -1.5}});
 * INDArray target = Nd4j.createFromArray(new long[] {1});
 * new NLLLoss().value(logProbabilities, target); // 1.5
 * }</pre>
 *
 * <p>Reference: torch.nn.NLLLoss, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class NLLLoss extends LikelihoodLoss {
    private static final long serialVersionUID = 1L;

    private static final Options<NLLLoss, Builder> OPTIONS = Options.<NLLLoss, Builder>of(NLLLoss::builder)
            .with("weight", double[].class, NLLLoss::getWeight, Builder::weight)
            .named("ignoreIndex", Long.class, NLLLoss::getIgnoreIndex, Builder::ignoreIndex)
            .reduction()
            .with("targetFormat", TargetFormat.class, NLLLoss::getTargetFormat, Builder::targetFormat)
            .andCommon();

    /** Torch's defaults: mean, no weights, ignore_index -100. */
    public NLLLoss() {
        this(new Builder());
    }

    private NLLLoss(Builder builder) {
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
    static NLLLoss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<NLLLoss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    @Override
    void requireInput(TargetKind kind, INDArray input, INDArray target) {
        if (input.rank() == 0) {
            throw new IllegalArgumentException(
                    "Expected 1 or more dimensions (got 0) (the input is a single number; its"
                            + " shape must be (C), (N, C) or (N, C, d1..dk))");
        }
        TargetShapes.requireFloating(input, input.rank() > 2 ? "nll_loss2d_forward_out_frame" : "nll_loss_out_frame");
    }

    @Override
    TargetKind ofInputsShape(INDArray target) {
        return isSingleIndex(target) ? TargetKind.INDICES : TargetKind.ONE_HOT;
    }

    @Override
    Kernel indexKernel(int classes, boolean fused) {
        return fused ? new ClassIndexKernel(weight(), 1, 0, classes) : new PickKernel(weight());
    }

    @Override
    public LossInput takes() {
        return LossInput.LOG_PROBABILITIES;
    }

    /**
     * Builds an {@link NLLLoss}.
     *
     * <pre>{@code
     * NLLLoss.builder().weight(1, 2).ignoreIndex(255).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends LikelihoodLoss.Builder<Builder> {
        private Builder() {}

        /**
         * Builds the loss.
         *
         * @return an immutable loss
         * @throws IllegalArgumentException where an option is out of range or does not fit another
         */
        @Override
        public NLLLoss build() {
            validate();
            return new NLLLoss(this);
        }
    }
}
