/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.Batch;
import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.kernel.ValueCheck;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.Arguments;
import io.github.dl4jlosses.internal.shape.Place;
import io.github.dl4jlosses.internal.target.OutputMask;
import io.github.dl4jlosses.internal.target.TargetKind;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The common part of losses with targets of the input's shape. Most have one loss for each element, and a mean over
 * these.
 */
abstract class ElementLoss extends TorchLoss {
    private static final long serialVersionUID = 1L;

    ElementLoss(LossBuilder<?> builder) {
        super(builder);
    }

    /**
     * The kernel for a pre-output of this dtype.
     *
     * @param fused whether it computes through the activation that belongs to the loss's input
     */
    abstract Kernel kernel(boolean fused, DataType type);

    /** The check of inputs and targets; null: all values are allowed. */
    ValueCheck check(boolean fused) {
        return null;
    }

    /** Checks shapes and dtypes of a direct call, in torch's order and words. */
    abstract void requireDirect(INDArray input, INDArray target);

    /** The kernel for the input of a direct call. */
    Kernel directKernel(INDArray input) {
        return kernel(false, input.dataType());
    }

    /** Checks the options against the input of a direct call. */
    void requireOptionsFit(INDArray input) {}

    /** Checks the options against the pre-output of a network. */
    void requireOptionsFitNetwork(INDArray input) {}

    @Override
    final TargetKind checkDirect(INDArray input, INDArray target) {
        requireDirect(input, target);
        requireOptionsFit(input);
        return TargetKind.NUMBERS;
    }

    @Override
    final TargetKind checkNetwork(INDArray labels, INDArray input) {
        requireOptionsFitNetwork(input);
        Arguments.requireLabelsLikeOutput(labels, input);
        return TargetKind.NUMBERS;
    }

    @Override
    final Batch batch(TargetKind kind, INDArray input, INDArray target, boolean fused, OutputMask mask, Place place) {
        Kernel kernel = place == Place.DIRECT ? directKernel(input) : kernel(fused, input.dataType());
        return hasLossPerRow()
                ? Batch.rows(kernel, Rows.of(input), Rows.of(target), mask, place)
                : Batch.elements(kernel, Rows.of(input), Rows.of(target), mask, place, check(fused));
    }

    @Override
    public boolean hasLossPerRow() {
        return false;
    }

    @Override
    final String coupling(IActivation activation) {
        if (hasLossPerRow()) {
            return name() + " has one loss per row; for independent classes use BCEWithLogitsLoss";
        }
        return LossInput.isSoftmax(activation)
                ? "the softmax of the output layer couples them; for independent classes use BCEWithLogitsLoss"
                : null;
    }
}
