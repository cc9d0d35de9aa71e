/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.Batch;
import io.github.dl4jlosses.internal.kernel.GaussianNLLKernel;
import io.github.dl4jlosses.internal.kernel.NonNegativeVariances;
import io.github.dl4jlosses.internal.kernel.ValueCheck;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.Arguments;
import io.github.dl4jlosses.internal.shape.PairShapes;
import io.github.dl4jlosses.internal.shape.Place;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.target.OutputMask;
import io.github.dl4jlosses.internal.target.TargetKind;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Negative log likelihood of numbers under normal distributions, whose means and variances the network outputs; torch's
 * {@code nn.GaussianNLLLoss}. A loss for regression with an uncertainty for each prediction.
 *
 * <p>Formula, per number t of the target, with mean m, variance v and w = max(v, {@code eps}): l = (log w + (m - t)^2 /
 * w) / 2; {@code full} adds log(2 pi) / 2. The gradients are (m - t) / w and (1 / w - (m - t)^2 / w^2) / 2 with respect
 * to the variance, also where v is below eps: as in torch, the clamp is left out of the gradient.
 *
 * <p>Shapes: torch's input and var are the two halves of one input along its class dimension, (2C), (N, 2C) or (N, 2C,
 * d1..dk): C means, then C outputs which {@code variance} turns into variances. Target: (C), (N, C) or (N, C, d1..dk),
 * of any dtype (torch broadcasts others without a warning). All numbers are allowed, except negative variances, as in
 * torch.
 *
 * <p>Options: {@code full} (false); {@code eps} (1e-6), kept as a double; {@code variance} (IDENTITY), the function
 * that a PyTorch model applies before it calls the loss; {@code reduction} (MEAN).
 *
 * <p>Mean: the sum divided by the count of target numbers. For BATCHMEAN a row is an example.
 *
 * <p>In a network under an identity head the pre-output holds means and variances; use {@code variance(EXP)} or
 * {@code variance(SOFTPLUS)} there, because IDENTITY refuses numbers below 0. Any other activation is applied first, to
 * both halves. The layer has 2C outputs and labels [R, C]. A mask is per row. Scaling: see {@link TorchLoss}.
 *
 * <p>The mean of an empty batch is NaN unless {@link EmptyMean} says otherwise. An infinite variance has an infinite
 * loss and gradients of 0; an infinite distance has an infinite loss. With EXP, loss and gradients stay finite even
 * where the variance overflows.
 *
 * <pre>{@code
 * INDArray meanAndVariance = Nd4j.createFromArray(new double[][] {{1.0, 0.25}});
 * INDArray target = Nd4j.createFromArray(new double[][] {{1.5}});
 * new GaussianNLLLoss().value(meanAndVariance, target); // -0.1931471805599453
 * }</pre>
 *
 * <p>Reference: torch.nn.GaussianNLLLoss, torch 2.7.1. D. A. Nix, A. S. Weigend, Estimating the Mean and Variance of the Target
 * Probability Distribution, 1994.
 *
 * @since 0.1.0
 */
public final class GaussianNLLLoss extends TorchLoss {
    private static final long serialVersionUID = 1L;

    private static final String PAIR = "a mean and a variance";

    private static final Options<GaussianNLLLoss, Builder> OPTIONS = Options.<GaussianNLLLoss, Builder>of(
                    GaussianNLLLoss::builder)
            .with("full", Boolean.class, GaussianNLLLoss::isFull, Builder::full)
            .with("eps", Double.class, GaussianNLLLoss::getEps, Builder::eps)
            .with("variance", Variance.class, GaussianNLLLoss::getVariance, Builder::variance)
            .reduction()
            .andCommon();

    /** Whether the constant is added. */
    private final boolean full;

    /** Any number. */
    private final double eps;

    /** Never null. */
    private final Variance variance;

    /** Torch's defaults: mean, not full, an eps of 1e-6, variances used as given. */
    public GaussianNLLLoss() {
        this(new Builder());
    }

    private GaussianNLLLoss(Builder builder) {
        super(builder);
        this.full = builder.full;
        this.eps = builder.eps;
        this.variance = builder.variance;
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
    static GaussianNLLLoss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<GaussianNLLLoss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    @Override
    TargetKind checkDirect(INDArray input, INDArray target) {
        PairShapes.requirePairs(input, "input", PAIR);
        PairShapes.requireSizeOfHalf(input, target);
        TargetShapes.requireClampable(input, "input");
        TargetShapes.requireSubtractable(target, "target");
        return TargetKind.NUMBERS;
    }

    @Override
    TargetKind checkNetwork(INDArray labels, INDArray input) {
        PairShapes.requirePairs(input, "pre-output", PAIR);
        PairShapes.requireLabelsOfHalf(labels, input);
        return TargetKind.NUMBERS;
    }

    @Override
    void requireTargetGradient(TargetKind kind, INDArray target) {
        TargetShapes.requireDifferentiable(target, "target");
    }

    @Override
    Batch batch(TargetKind kind, INDArray input, INDArray target, boolean fused, OutputMask mask, Place place) {
        GaussianNLLKernel kernel = new GaussianNLLKernel(variance.form(), eps, full);
        ValueCheck check = variance == Variance.IDENTITY
                ? new NonNegativeVariances("var has negative entry/entries; with variance(EXP) or variance(SOFTPLUS)"
                        + " a network may give any number")
                : null;
        return Batch.elements(kernel, Rows.of(input), Rows.of(target), mask, place, check);
    }

    @Override
    long[] lossShape(INDArray input, INDArray target) {
        return PairShapes.halfOf(input);
    }

    @Override
    boolean takesRows() {
        return true;
    }

    @Override
    public boolean hasLossPerRow() {
        return false;
    }

    @Override
    String coupling(IActivation activation) {
        return name() + " takes " + PAIR + " for each label";
    }

    @Override
    public LossInput takes() {
        return LossInput.NUMBERS;
    }

    @Override
    public int outputsPerLabel() {
        return 2;
    }

    /**
     * Whether log(2 pi) / 2 is added.
     *
     * @return false by default
     */
    public boolean isFull() {
        return full;
    }

    /**
     * The smallest variance that the loss divides by.
     *
     * @return 1e-6 by default
     */
    public double getEps() {
        return eps;
    }

    /**
     * How the second half of the input becomes variances.
     *
     * @return {@link Variance#IDENTITY} by default
     */
    public Variance getVariance() {
        return variance;
    }

    /**
     * Builds a {@link GaussianNLLLoss}.
     *
     * <pre>{@code
     * GaussianNLLLoss.builder().variance(Variance.SOFTPLUS).full(true).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends LossBuilder<Builder> {
        private boolean full;
        private double eps = 1e-6;
        private Variance variance = Variance.IDENTITY;

        private Builder() {}

        /**
         * Whether log(2 pi) / 2 is added to the loss of each number; torch's {@code full}. Gradients stay the same.
         *
         * @param full false by default
         * @return this builder
         */
        public Builder full(boolean full) {
            this.full = full;
            return this;
        }

        /**
         * The smallest variance that the loss divides by; torch's {@code eps}. Smaller variances count as this one, in
         * the loss and in the gradient.
         *
         * @param eps any number, as in torch; there is no bound if it is negative or NaN; 1e-6 by default
         * @return this builder
         */
        public Builder eps(double eps) {
            this.eps = eps;
            return this;
        }

        /**
         * How the second half of the input becomes variances: the function that a PyTorch model applies before the
         * loss.
         *
         * @param variance {@link Variance#IDENTITY} by default
         * @return this builder
         */
        public Builder variance(Variance variance) {
            this.variance = variance;
            return this;
        }

        @Override
        public GaussianNLLLoss build() {
            validateCommon();
            Arguments.requireNonNull(variance, "variance");
            return new GaussianNLLLoss(this);
        }
    }
}
