/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import io.github.dl4jlosses.LossInParts;
import io.github.dl4jlosses.TorchLoss;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** One pass of the rows of an output layer through product, loss and gradients, a chunk of rows at a time. */
final class OnePass {
    private final TorchLoss loss;
    private final IActivation activation;
    private final INDArray x;
    private final INDArray w;
    /** The bias; null for a layer without one. */
    private final INDArray b;

    private final Chunks chunks;

    OnePass(TorchLoss loss, IActivation activation, INDArray x, INDArray w, INDArray b, Chunks chunks) {
        this.loss = loss;
        this.activation = activation;
        this.x = x;
        this.w = w;
        this.b = b;
        this.chunks = chunks;
    }

    /** A new array for the gradient of the input, transposed, as the product gives it. */
    INDArray newGradientOfInput(LayerWorkspaceMgr mgr) {
        return mgr.createUninitialized(
                ArrayType.ACTIVATION_GRAD, w.dataType(), new long[] {w.size(0), chunks.rows()}, 'f');
    }

    /**
     * The loss as {@link TorchLoss#computeScore} gives it, and all gradients.
     *
     * @param mask of the rows, or null
     * @param ofWeights overwritten
     * @param ofBias overwritten; null: no bias
     * @param ofInput transposed; overwritten
     */
    double lossAndGradients(INDArray labels, INDArray mask, INDArray ofWeights, INDArray ofBias, INDArray ofInput) {
        LossInParts parts = parts(labels, mask);
        INDArray z = newChunk();
        INDArray g = newChunk();
        return chunks.sum((first, n) -> {
            INDArray gradient = rows(g, 0, n);
            double value = parts.valueAndGradient(first, preOutput(first, rows(z, 0, n)), gradient);
            addOfParameters(first, gradient, ofWeights, ofBias);
            Nd4j.gemm(w, gradient, columns(ofInput, first, n), false, true, 1, 0);
            return value;
        });
    }

    private void addOfParameters(long first, INDArray gradient, INDArray ofWeights, INDArray ofBias) {
        INDArray inputs = rows(x, first, gradient.size(0));
        Nd4j.gemm(inputs, gradient, ofWeights, true, false, 1, first == 0 ? 0 : 1);
        if (ofBias != null && first == 0) {
            gradient.sum(ofBias, 0);
        } else if (ofBias != null) {
            ofBias.addi(gradient.sum(0).reshape(ofBias.shape()));
        }
    }

    /** The loss alone. */
    double loss(INDArray labels, INDArray mask) {
        LossInParts parts = parts(labels, mask);
        INDArray z = newChunk();
        return chunks.sum((first, n) -> parts.value(first, preOutput(first, rows(z, 0, n))));
    }

    /** The loss of each row, (rows, 1). */
    INDArray lossOfRows(INDArray labels, INDArray mask) {
        LossInParts parts = parts(labels, mask);
        INDArray z = newChunk();
        INDArray losses = Nd4j.createUninitialized(w.dataType(), chunks.rows(), 1);
        chunks.sum((first, n) -> {
            rows(losses, first, n).assign(parts.lossOfRows(first, preOutput(first, rows(z, 0, n))));
            return 0;
        });
        return losses;
    }

    private LossInParts parts(INDArray labels, INDArray mask) {
        return loss.inParts(labels, activation, mask, w.dataType(), chunks.rows(), w.size(1));
    }

    private INDArray newChunk() {
        return chunks.newArray(w.dataType(), w.size(1));
    }

    private INDArray preOutput(long first, INDArray z) {
        // transposed, so that the result has the layout that BLAS needs: any other would be copied
        Nd4j.gemm(w, rows(x, first, z.size(0)), z.transpose(), true, true, 1, 0);
        return b == null ? z : z.addiRowVector(b);
    }

    /** A view of these rows, or the array itself if they are all. */
    private static INDArray rows(INDArray array, long first, long n) {
        return n == array.size(0) ? array : array.get(NDArrayIndex.interval(first, first + n), NDArrayIndex.all());
    }

    private static INDArray columns(INDArray array, long first, long n) {
        return n == array.size(1) ? array : array.get(NDArrayIndex.all(), NDArrayIndex.interval(first, first + n));
    }
}
