/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import io.github.dl4jlosses.internal.Batch;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.shape.TorchNames;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The loss of a batch that takes its pre-output in parts, one after the other, from a layer that cannot hold all of it
 * in memory.
 *
 * <p>The values of the parts add up to {@link TorchLoss#computeScore} of the whole batch, and their gradients are the
 * rows of its gradient: a mean has the denominator of the whole batch.
 *
 * <pre>{@code
 * LossInParts loss = new CrossEntropyLoss().inParts(labels, new ActivationSoftmax(), null, DataType.FLOAT, 4, 3);
 * double score = loss.value(0, firstThreeRows) + loss.value(3, lastRow);
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class LossInParts {
    private final TorchLoss loss;
    /** The whole batch, over an array without content. */
    private final Batch whole;

    private final IActivation activation;

    LossInParts(TorchLoss loss, Batch whole, IActivation activation) {
        this.loss = loss;
        this.whole = whole;
        this.activation = activation;
    }

    /**
     * The share of a part in the value.
     *
     * @param first the index of its first row in the whole batch
     * @param preOutput rows of outputs; stays as it is
     * @return a number; the sum of all parts is what {@link TorchLoss#computeScore} returns
     * @throws IllegalArgumentException where the whole batch has no such rows, or as in {@link TorchLoss#computeScore}
     */
    public double value(long first, INDArray preOutput) {
        return part(first, preOutput).value();
    }

    /**
     * The share of a part in the value, and its rows of the gradient with respect to the pre-output.
     *
     * @param first the index of its first row in the whole batch
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
     * The unreduced losses of a part's rows.
     *
     * @param first the index of its first row in the whole batch
     * @param preOutput rows of outputs; stays as it is
     * @return these rows of {@link TorchLoss#computeScoreArray}
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
