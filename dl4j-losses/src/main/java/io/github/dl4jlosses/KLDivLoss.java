/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.DivergenceKernel;
import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.kernel.SoftmaxDivergenceKernel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Kullback-Leibler divergence of log-probabilities from a target distribution; torch's {@code nn.KLDivLoss}.
 *
 * <p>Formula, per element with log-probability x and target t: l = t (log t - x), 0 where t is 0; with
 * {@code logTarget} the target is a logarithm and l = exp(t) (t - x). The gradient is -t, or -exp(t).
 *
 * <p>Shapes: input and target of any shapes that broadcast together, as in torch; gradients are summed back to the
 * shape of their argument. Both are used as they are, without a check of their sums, and may have any floating dtype.
 *
 * <p>Options: {@code logTarget} (false), {@code reduction} (MEAN, torch's default;
 * {@link Reduction#BATCHMEAN} is the mathematical divergence per example).
 *
 * <p>Mean: the sum divided by the number of elements; BATCHMEAN: by the first dimension of the input, masked rows
 * included.
 *
 * <p>In a network under a softmax or {@link ActivationLogSoftmax} head the log-probabilities are log_softmax of the
 * pre-output, fused and stable; under an identity head they are the pre-output itself; any other activation is applied
 * first. Labels have the output's shape. A mask is per row or per output; under a softmax or log-softmax head, whose
 * outputs depend on each other, it is per row only. Scaling: see {@link TorchLoss}.
 *
 * <p>The mean of an empty batch is NaN unless {@link EmptyMean} says otherwise. A target below 0 gives NaN, as in
 * torch.
 *
 * <pre>{@code
 * INDArray logProbability = Nd4j.createFromArray(new double[][] {{-0.5, -1.0}});
 * INDArray target = Nd4j.createFromArray(new double[][] {{0.5, 0.5}});
 * new KLDivLoss().value(logProbability, target); // 0.028426409720027357
 * }</pre>
 *
 * <p>Reference: torch.nn.KLDivLoss, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class KLDivLoss extends ElementLoss {
    private static final long serialVersionUID = 1L;

    private static final Options<KLDivLoss, Builder> OPTIONS = Options.<KLDivLoss, Builder>of(KLDivLoss::builder)
            .reduction()
            .with("logTarget", Boolean.class, KLDivLoss::isLogTarget, Builder::logTarget)
            .andCommon();

    /** Whether targets are logarithms. */
    private final boolean logTarget;

    /** Torch's defaults: mean, targets that are probabilities. */
    public KLDivLoss() {
        this(new Builder());
    }

    private KLDivLoss(Builder builder) {
        super(builder);
        this.logTarget = builder.logTarget;
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
    static KLDivLoss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<KLDivLoss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    @Override
    void requireDirect(INDArray input, INDArray target) {
        if (!input.dataType().isFPType() || !target.dataType().isFPType()) {
            throw new IllegalArgumentException("kl_div: Integral inputs not supported. (input has dtype "
                    + input.dataType() + ", target " + target.dataType() + ")");
        }
    }

    @Override
    boolean broadcasts() {
        return true;
    }

    @Override
    Kernel kernel(boolean fused, DataType type) {
        return fused ? new SoftmaxDivergenceKernel(logTarget) : new DivergenceKernel(logTarget);
    }

    /**
     * Whether targets are logarithms of probabilities.
     *
     * @return false by default
     */
    public boolean isLogTarget() {
        return logTarget;
    }

    @Override
    public LossInput takes() {
        return LossInput.LOG_PROBABILITIES;
    }

    /**
     * Builds a {@link KLDivLoss}.
     *
     * <pre>{@code
     * KLDivLoss.builder().reduction(Reduction.BATCHMEAN).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends LossBuilder<Builder> {
        private boolean logTarget;

        private Builder() {}

        /**
         * Whether targets are logarithms of probabilities; torch's {@code log_target}.
         *
         * @param logTarget false by default
         * @return this builder
         */
        public Builder logTarget(boolean logTarget) {
            this.logTarget = logTarget;
            return this;
        }

        @Override
        public KLDivLoss build() {
            validateCommon();
            return new KLDivLoss(this);
        }
    }
}
