/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.TorchNames;
import io.github.dl4jlosses.internal.target.OutputMask;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One call of DL4J: the layer's activation as a head, or applied where the loss cannot see through it. */
final class NetworkCall {
    private final INDArray preOutput;
    /** Null where the loss computes from the pre-output itself. */
    private final IActivation applied;

    private final Batch batch;

    NetworkCall(TorchLoss loss, INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        Arguments.requireNonNull(labels, "labels");
        Arguments.requireNonNull(preOutput, "preOutput");
        Arguments.requireNonNull(activation, "activationFn");
        if (preOutput.rank() != 2) {
            throw new IllegalArgumentException(
                    "preOutput must have rank 2, [rows, outputs], as DL4J's output layers have it," + " got shape "
                            + TorchNames.size(preOutput) + "; for torch's shapes call value and gradient");
        }
        if (!preOutput.dataType().isFPType()) {
            throw new IllegalArgumentException("preOutput must have a floating dtype, got " + preOutput.dataType());
        }
        loss.checkNetwork(labels, preOutput);
        this.preOutput = preOutput;
        Head head = Head.of(activation);
        OutputMask outputMask = mask == null
                ? null
                : OutputMask.of(mask, preOutput.size(0), (int) preOutput.size(1), loss.coupling(head));
        boolean reads = loss.reads(head);
        // of no outputs there is nothing to apply it to, and ND4J's softmax of them ends the JVM
        this.applied = reads || preOutput.isEmpty() ? null : activation;
        // a copy, since activations overwrite their argument and a loss layer shares it with the layer below
        INDArray input = applied == null ? preOutput : applied.getActivation(preOutput.dup(), true);
        this.batch = loss.network(labels, input, reads ? head : Head.IDENTITY, outputMask);
    }

    Batch batch() {
        return batch;
    }

    long rows() {
        return preOutput.size(0);
    }

    /** The gradient with respect to the pre-output, given the one with respect to the loss's input. */
    INDArray throughActivation(INDArray gradient) {
        if (applied == null) {
            return gradient;
        }
        INDArray through = applied.backprop(preOutput.dup(), gradient).getFirst();
        // 0 times the slope at a masked NaN would be NaN
        batch.pass().clearLeftOut(Rows.of(through));
        return through;
    }
}
