/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.Batch;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.TorchNames;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The loss of a batch whose pre-output is handed over in parts, one after the other, by a layer that has no memory for all of it.
 *
 * <p>The values of all parts add up to what {@link TorchLoss#computeScore} gives for the whole, and their gradients are its
 * rows: a mean divides by what takes part in the whole batch.
 *
 * <pre>{@code
 * LossInParts loss = new CrossEntropyLoss().inParts(labels, new ActivationSoftmax(), null, DataType.FLOAT, 4, 3);
 * double score = loss.value(0, firstThreeRows) + loss.value(3, lastRow);
 * }</pre>
 *
 * <p>Not for use by several threads at a time.
 *
 * @since 0.1.0
 */
public final class LossInParts {
    private final TorchLoss loss;
    /** Over an array without content. */
    private final Batch whole;

    private final IActivation activation;

    LossInParts(TorchLoss loss, Batch whole, IActivation activation) {
        this.loss = loss;
        this.whole = whole;
        this.activation = activation;
    }

    /**
     * What a part adds to the value.
     *
     * @param first the place of its first row in the whole
     * @param preOutput rows of outputs; stays as it is
     * @return the sum over parts is what {@link TorchLoss#computeScore} returns
     * @throws IllegalArgumentException where rows are none of the whole, or as in {@link TorchLoss#computeScore}
     */
    public double value(long first, INDArray preOutput) {
        return part(first, preOutput).value();
    }

    /**
     * What a part adds to the value, and its rows of the gradient with respect to the pre-output.
     *
     * @param first the place of its first row in the whole
     * @param preOutput rows of outputs; stays as it is
     * @param gradient of the same shape and dtype; overwritten
     * @return as {@link #value}
     * @throws IllegalArgumentException as {@link #value}
     */
    public double valueAndGradient(long first, INDArray preOutput, INDArray gradient) {
        Reduced part = part(first, preOutput);
        double value = part.valueWithGradientInto(gradient);
        INDArray through = part.throughActivation(gradient);
        if (through != gradient) {
            gradient.assign(through);
        }
        return value;
    }

    /**
     * The losses of a part's rows, which no reduction touches.
     *
     * @param first the place of its first row in the whole
     * @param preOutput rows of outputs; stays as it is
     * @return its rows of what {@link TorchLoss#computeScoreArray} returns
     * @throws IllegalArgumentException as {@link #value}
     */
    public INDArray lossOfRows(long first, INDArray preOutput) {
        return loss.rowLosses(part(first, preOutput).batch(), preOutput);
    }

    private Reduced part(long first, INDArray preOutput) {
        INDArray all = whole.input().array();
        long rows = all.size(0);
        long n = preOutput.size(0);
        if (preOutput.rank() != 2 || preOutput.size(1) != all.size(1) || first < 0 || first + n > rows) {
            throw new IllegalArgumentException("preOutput has shape " + TorchNames.size(preOutput) + " from row "
                    + first + " on, but the whole has " + TorchNames.size(all));
        }
        if (loss.hasLossPerSequence() && n < rows) {
            throw new IllegalArgumentException(
                    loss.name() + " takes whole sequences, got " + n + " of " + rows + " rows");
        }
        Batch batch = n == rows ? whole.over(preOutput) : whole.part(first, Rows.of(preOutput));
        return loss.applied(batch, rows, preOutput, activation);
    }
}
