/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.kernel.HingeEmbeddingKernel;
import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.target.TargetKind;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * A loss for distances of pairs that are similar (target 1) or not (-1); torch's {@code nn.HingeEmbeddingLoss}. Similar
 * pairs are drawn together, the others pushed apart up to the margin.
 *
 * <p>Formula, per element with distance x and target t: l = x where t is 1, max(0, {@code margin} - x) where t is -1;
 * for any other target the two are added, as in torch. The gradient is 1 where t is 1; where t is -1 it is -1 up to and
 * including the margin, and 0 beyond.
 *
 * <p>Shapes: input and target of one shape, of any rank (torch broadcasts others without a warning). All numbers are
 * allowed. The target may have another dtype, even an integer one.
 *
 * <p>Options: {@code margin} (1), kept as a double; {@code reduction} (MEAN).
 *
 * <p>Mean: the sum divided by the number of elements.
 *
 * <p>In a network under an identity head the pre-output is the distance; any other activation is applied first, such as
 * a softplus, which gives no negative distance. Labels have the output's shape; a mask is per row or per output; under
 * a softmax, per row only. Scaling: see {@link TorchLoss}.
 *
 * <p>The mean of an empty batch is NaN unless {@link EmptyMean} says otherwise. A distance of NaN with target -1 has
 * the loss NaN and the gradient 0. There is no gradient with respect to the target, as in torch.
 *
 * <pre>{@code
 * INDArray distance = Nd4j.createFromArray(0.5, 0.25, 3.0);
 * INDArray target = Nd4j.createFromArray(1.0, -1.0, -1.0);
 * new HingeEmbeddingLoss().value(distance, target); // 0.4166666666666667
 * }</pre>
 *
 * <p>Reference: torch.nn.HingeEmbeddingLoss, torch 2.7.1; Hadsell, Chopra and LeCun, "Dimensionality Reduction by
 * Learning an Invariant Mapping", 2006, which squares both terms.
 *
 * @since 0.1.0
 */
public final class HingeEmbeddingLoss extends ElementLoss {
    private static final long serialVersionUID = 1L;

    private static final Options<HingeEmbeddingLoss, Builder> OPTIONS = Options.<HingeEmbeddingLoss, Builder>of(
                    HingeEmbeddingLoss::builder)
            .with("margin", Double.class, HingeEmbeddingLoss::getMargin, Builder::margin)
            .reduction()
            .andCommon();

    /** Any number. */
    private final double margin;

    /** Torch's defaults: mean, a margin of 1. */
    public HingeEmbeddingLoss() {
        this(new Builder());
    }

    private HingeEmbeddingLoss(Builder builder) {
        super(builder);
        this.margin = builder.margin;
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
    static HingeEmbeddingLoss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<HingeEmbeddingLoss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    @Override
    void requireDirect(INDArray input, INDArray target) {
        TargetShapes.requireSameSizeTargetFirst(input, target);
        TargetShapes.requireDifferentiable(input, "input");
    }

    @Override
    void requireTargetGradient(TargetKind kind, INDArray target) {
        throw new UnsupportedOperationException(
                "HingeEmbeddingLoss has no gradient with respect to its target: it only chooses between the two formulas");
    }

    @Override
    Kernel kernel(boolean fused, DataType type) {
        return new HingeEmbeddingKernel(margin);
    }

    /**
     * The distance up to which dissimilar pairs are pushed apart.
     *
     * @return 1 by default
     */
    public double getMargin() {
        return margin;
    }

    @Override
    public LossInput takes() {
        return LossInput.DISTANCES;
    }

    /**
     * Builds a {@link HingeEmbeddingLoss}.
     *
     * <pre>{@code
     * HingeEmbeddingLoss.builder().margin(0.5).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends LossBuilder<Builder> {
        private double margin = 1;

        private Builder() {}

        /**
         * The distance up to which dissimilar pairs are pushed apart; torch's {@code margin}.
         *
         * @param margin any number, as in torch; 1 by default
         * @return this builder
         */
        public Builder margin(double margin) {
            this.margin = margin;
            return this;
        }

        @Override
        public HingeEmbeddingLoss build() {
            validateCommon();
            return new HingeEmbeddingLoss(this);
        }
    }
}
