/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.network;

import io.github.dl4jlosses.internal.Batch;
import io.github.dl4jlosses.internal.Pass;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.TorchNames;
import java.util.Arrays;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What an output layer hands over: its pre-output, and the activation where the loss does not compute through it. */
public final class LayerCall {
    private final INDArray preOutput;
    /** Null where the loss computes from the pre-output itself. */
    private final IActivation applied;

    private LayerCall(INDArray preOutput, IActivation applied) {
        this.preOutput = preOutput;
        this.applied = applied;
    }

    /** Refuses what is not rows of outputs. */
    public static void requireRows(INDArray preOutput) {
        if (preOutput.rank() != 2) {
            throw new IllegalArgumentException(
                    "preOutput must have rank 2, [rows, outputs], as DL4J's output layers have it," + " got shape "
                            + TorchNames.size(preOutput) + "; for torch's shapes call value and gradient");
        }
        if (!preOutput.dataType().isFPType()) {
            throw new IllegalArgumentException("preOutput must have a floating dtype, got " + preOutput.dataType());
        }
    }

    /** Labels of single outputs have the output layer's shape. */
    public static void requireLabelsLikeOutput(INDArray labels, INDArray output) {
        if (!Arrays.equals(labels.shape(), output.shape())) {
            throw new IllegalArgumentException("labels have shape " + TorchNames.size(labels)
                    + ", but must have the output layer's, " + TorchNames.size(output));
        }
    }

    /** Labels of classes: of the output's shape, or an index for each row. */
    public static void requireLabelsOfRows(INDArray labels, INDArray output) {
        boolean oneIndexPerRow = labels.length() == output.size(0)
                && (labels.rank() == 1 || (labels.rank() == 2 && labels.size(1) == 1));
        if (!oneIndexPerRow && !Arrays.equals(labels.shape(), output.shape())) {
            throw new IllegalArgumentException("labels have shape " + TorchNames.size(labels)
                    + ", but the output layer has " + TorchNames.size(output)
                    + ": give labels of that shape, or class indices of shape [" + output.size(0) + ", 1]");
        }
    }

    /**
     * A call of a layer.
     *
     * @param preOutput rows of outputs
     * @param applied the activation to apply; null: the loss computes through it
     */
    public static LayerCall of(INDArray preOutput, IActivation applied) {
        // of no outputs there is nothing to apply it to, and ND4J's softmax of them ends the JVM
        return new LayerCall(preOutput, preOutput.isEmpty() ? null : applied);
    }

    /** The input of the loss. */
    public INDArray input() {
        // a copy, since activations overwrite their argument and a loss layer shares it with the layer below
        return applied == null ? preOutput : applied.getActivation(preOutput.dup(), true);
    }

    /** The rows that the loss sees: all positions of all examples. */
    public long rows() {
        return preOutput.size(0);
    }

    /** The gradient with respect to the pre-output, given the one with respect to the loss's input. */
    public INDArray throughActivation(INDArray gradient, Batch batch) {
        if (applied == null) {
            return gradient;
        }
        INDArray through = applied.backprop(preOutput.dup(), gradient).getFirst();
        // 0 times the slope at a masked NaN would be NaN
        Pass.clearLeftOut(batch, Rows.of(through));
        return through;
    }
}
