/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.network;

import io.github.dl4jlosses.internal.Batch;
import io.github.dl4jlosses.internal.Pass;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Applies the activation of an output layer if the loss does not compute through it. */
public final class AppliedActivation {
    private final IActivation activation;
    private final INDArray preOutput;

    /**
     * @param activation of the layer
     * @param preOutput rows of outputs, at least one number
     */
    public AppliedActivation(IActivation activation, INDArray preOutput) {
        this.activation = activation;
        this.preOutput = preOutput;
    }

    /** The output of the layer, which is the input of the loss. */
    public INDArray output() {
        // a copy, since activations overwrite their argument and a loss layer shares it with the layer below
        return activation.getActivation(preOutput.dup(), true);
    }

    /** The gradient with respect to the pre-output, given the one with respect to the output. */
    public INDArray gradient(INDArray ofOutput, Batch batch) {
        INDArray through = activation.backprop(preOutput.dup(), ofOutput).getFirst();
        // 0 times the slope at a masked NaN would be NaN
        Pass.clearLeftOut(batch, batch.input().over(through));
        return through;
    }
}
