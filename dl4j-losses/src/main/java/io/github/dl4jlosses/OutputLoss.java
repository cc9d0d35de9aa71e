/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.Pass;
import io.github.dl4jlosses.internal.kernel.Kernel;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.Place;
import io.github.dl4jlosses.internal.target.OutputMask;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the losses of single outputs share: targets of the input's shape, a mean over all elements. */
abstract class OutputLoss extends TorchLoss {
    private static final long serialVersionUID = 1L;

    OutputLoss(LossBuilder<?> builder) {
        super(builder);
    }

    /** The kernel for a pre-output of this head and dtype. */
    abstract Kernel kernel(Head head, DataType type);

    /** Checks the options' lengths against the outputs. */
    void requireOptionsFit(INDArray input) {}

    @Override
    final void checkNetwork(INDArray labels, INDArray input) {
        requireOptionsFit(input);
        Arguments.requireSameShape(labels, input);
    }

    @Override
    final Batch network(INDArray labels, INDArray input, Head head, OutputMask mask) {
        return batch(input, labels, head, mask, Place.NETWORK);
    }

    final Batch batch(INDArray input, INDArray target, Head head, OutputMask mask, Place place) {
        Kernel kernel = kernel(head, input.dataType());
        Pass pass = Pass.dense(kernel, Rows.of(input), Rows.of(target), mask, place);
        return new Batch(pass, pass.keptElements());
    }

    @Override
    final String coupling(Head head) {
        return head.isSoftmax() ? "the softmax of the output layer couples its outputs" : null;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException as in {@link #value}
     */
    @Override
    public INDArray targetGradient(INDArray input, INDArray target) {
        return computeTargetGradient(input, target);
    }
}
