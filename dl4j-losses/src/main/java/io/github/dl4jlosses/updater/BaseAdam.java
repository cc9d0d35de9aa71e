/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.Objects;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The common part of {@link TorchAdam} and {@link TorchAdamW}: everything but the weight decay.
 *
 * @since 0.1.0
 */
public abstract class BaseAdam extends TorchUpdater {
    private static final long serialVersionUID = 1L;

    /** The decay of the mean of the gradients. */
    private final double beta1;
    /** The decay of the mean of their squares. */
    private final double beta2;
    /** The number added to the denominator. */
    private final double eps;
    /** Whether the largest mean of squares so far is used. */
    private final boolean amsgrad;

    BaseAdam(
            double lr,
            ISchedule lrSchedule,
            double beta1,
            double beta2,
            double eps,
            double weightDecay,
            boolean amsgrad,
            boolean configured) {
        super(lr, lrSchedule, weightDecay, configured);
        this.amsgrad = amsgrad;
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.eps = eps;
    }

    @Override
    public final long stateSize(long numParams) {
        return AdamState.names(this).length * numParams;
    }

    @Override
    final GradientUpdater<?> overState() {
        return new AdamState(this);
    }

    /**
     * The decay of the mean of the gradients.
     *
     * @return from 0 to less than 1
     */
    public final double getBeta1() {
        return beta1;
    }

    /**
     * The decay of the mean of the gradients at a step, which a {@link TorchOneCycleLR} may set.
     *
     * @param iteration the step
     * @param epoch the epoch, which torch's schedules ignore
     * @return from 0 to less than 1
     */
    public final double getBeta1(int iteration, int epoch) {
        return momentumOr(beta1, iteration, epoch);
    }

    /**
     * The decay of the mean of their squares.
     *
     * @return from 0 to less than 1
     */
    public final double getBeta2() {
        return beta2;
    }

    /**
     * The number added to the denominator, after the bias correction.
     *
     * @return torch's {@code eps}
     */
    public final double getEps() {
        return eps;
    }

    /**
     * Whether the denominator never decreases: AMSGrad.
     *
     * @return torch's {@code amsgrad}
     */
    public final boolean isAmsgrad() {
        return amsgrad;
    }

    @Override
    public final boolean equals(Object other) {
        return hasOptionsOf(other)
                && amsgrad == ((BaseAdam) other).amsgrad
                && Double.compare(beta1, ((BaseAdam) other).beta1) == 0
                && Double.compare(beta2, ((BaseAdam) other).beta2) == 0
                && Double.compare(eps, ((BaseAdam) other).eps) == 0;
    }

    @Override
    public final int hashCode() {
        // the learning rate is left out, because it changes while the updater is in use
        return Objects.hash(beta1, beta2, eps, amsgrad, getWeightDecay());
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "(" + lrText() + ", beta1=" + beta1 + ", beta2=" + beta2 + ", eps=" + eps
                + ", weightDecay=" + getWeightDecay() + (amsgrad ? ", amsgrad=true" : "") + ")";
    }

    /**
     * The options of Adam.
     *
     * @param <B> the builder itself, so that calls chain
     * @since 0.1.0
     */
    public abstract static class Builder<B extends Builder<B>> extends UpdaterBuilder<B> {
        double beta1 = 0.9;
        double beta2 = 0.999;
        double eps = 1e-8;
        boolean amsgrad;

        Builder(double weightDecay) {
            super(1e-3, weightDecay);
        }

        /**
         * The decay of the mean of the gradients.
         *
         * @param beta1 0.9 by default
         * @return this builder
         */
        public B beta1(double beta1) {
            this.beta1 = beta1;
            return self();
        }

        /**
         * The decay of the mean of their squares.
         *
         * @param beta2 0.999 by default
         * @return this builder
         */
        public B beta2(double beta2) {
            this.beta2 = beta2;
            return self();
        }

        /**
         * The number added to the denominator.
         *
         * @param eps 1e-8 by default
         * @return this builder
         */
        public B eps(double eps) {
            this.eps = eps;
            return self();
        }

        /**
         * Whether the denominator uses the largest mean of squared gradients so far: AMSGrad.
         *
         * @param amsgrad false by default
         * @return this builder
         */
        public B amsgrad(boolean amsgrad) {
            this.amsgrad = amsgrad;
            return self();
        }

        final void validate() {
            validateCommon();
            require(eps >= 0, "Invalid epsilon value: " + eps + ". (eps must be 0 or more)");
            requireBeta(0, beta1);
            requireBeta(1, beta2);
        }
    }
}
