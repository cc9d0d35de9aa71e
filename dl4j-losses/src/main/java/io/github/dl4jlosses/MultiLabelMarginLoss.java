/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.Batch;
import io.github.dl4jlosses.internal.kernel.ClassLists;
import io.github.dl4jlosses.internal.kernel.MultiLabelMarginKernel;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.Arguments;
import io.github.dl4jlosses.internal.shape.Place;
import io.github.dl4jlosses.internal.shape.TargetShapes;
import io.github.dl4jlosses.internal.target.OutputMask;
import io.github.dl4jlosses.internal.target.TargetKind;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * A loss that wants the scores of several classes above all others by a margin of 1; torch's
 * {@code nn.MultiLabelMarginLoss}.
 *
 * <p>Formula, for a row of C scores x and a list of classes: l = (1/C) sum of max(0, 1 - x_a + x_i) over every class a of
 * the list and every class i that is not in it. Each pair within the margin adds 1/C to the gradient of i and -1/C to that
 * of a; at the margin itself both are 0. A class that is listed twice counts twice.
 *
 * <p>Shapes: input (C) or (N, C), any numbers; more dimensions are refused, as in torch. Target: of the input's shape
 * and any integer dtype, or whole numbers of a floating one. Each row is a list of classes that ends at its first -1.
 * The numbers after it are ignored, but must be classes or -1, too.
 *
 * <p>Options: {@code reduction} (MEAN).
 *
 * <p>Mean: the sum divided by the number of rows.
 *
 * <p>In a network under an identity head the pre-output is the scores; any other activation is applied first. Labels are
 * such lists, of the output's shape, as whole numbers. A mask is per row. Scaling: see {@link TorchLoss}.
 *
 * <p>A row without classes, or with all of them, has the loss 0. NaN is never within the margin: it adds no loss and no
 * gradient, as in torch. The mean of an empty batch is NaN unless {@link EmptyMean} says otherwise.
 *
 * <pre>{@code
 * INDArray scores = Nd4j.createFromArray(new double[][] {{0.25, 0.5, 1.0, 0.75}});
 * INDArray lists = Nd4j.createFromArray(new long[][] {{3, 0, -1, 1}});
 * new MultiLabelMarginLoss().value(scores, lists); // 1.25
 * }</pre>
 *
 * <p>Reference: torch.nn.MultiLabelMarginLoss, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class MultiLabelMarginLoss extends TorchLoss {
    private static final long serialVersionUID = 1L;

    private static final Options<MultiLabelMarginLoss, Builder> OPTIONS = Options.<MultiLabelMarginLoss, Builder>of(
                    MultiLabelMarginLoss::builder)
            .reduction()
            .andCommon();

    /** Torch's default: mean. */
    public MultiLabelMarginLoss() {
        this(new Builder());
    }

    private MultiLabelMarginLoss(Builder builder) {
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
    static MultiLabelMarginLoss of(ObjectNode json) {
        return OPTIONS.read(json).build();
    }

    @Override
    Options<MultiLabelMarginLoss, Builder> optionList() {
        return OPTIONS;
    }

    @Override
    public Builder toBuilder() {
        return OPTIONS.toBuilder(this);
    }

    @Override
    TargetKind checkDirect(INDArray input, INDArray target) {
        TargetShapes.requireVectorOrMatrix(input);
        TargetShapes.requireListPerRow(input, target);
        TargetShapes.requireFloating(input, "multilabel_margin_loss_forward_out_frame");
        TargetShapes.requireIndexDtype(target);
        return TargetKind.LISTS;
    }

    @Override
    TargetKind checkNetwork(INDArray labels, INDArray input) {
        Arguments.requireLabelsLikeOutput(labels, input);
        return TargetKind.LISTS;
    }

    @Override
    Batch batch(TargetKind kind, INDArray input, INDArray target, boolean fused, OutputMask mask, Place place) {
        Rows rows = Rows.of(input);
        ClassLists lists = new ClassLists(rows.classes());
        return Batch.rows(new MultiLabelMarginKernel(), rows, Rows.of(target), mask, place, lists);
    }

    @Override
    public boolean hasLossPerRow() {
        return true;
    }

    @Override
    String coupling(IActivation activation) {
        return name() + " has one loss per row; for independent classes use BCEWithLogitsLoss";
    }

    @Override
    public LossInput takes() {
        return LossInput.SCORES;
    }

    /**
     * Builds a {@link MultiLabelMarginLoss}.
     *
     * <pre>{@code
     * MultiLabelMarginLoss.builder().reduction(Reduction.SUM).build();
     * }</pre>
     *
     * @since 0.1.0
     */
    public static final class Builder extends LossBuilder<Builder> {
        private Builder() {}

        @Override
        public MultiLabelMarginLoss build() {
            validateCommon();
            return new MultiLabelMarginLoss(this);
        }
    }
}
