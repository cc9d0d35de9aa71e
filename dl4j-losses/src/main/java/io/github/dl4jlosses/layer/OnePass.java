/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import io.github.dl4jlosses.LossInParts;
import io.github.dl4jlosses.TorchLoss;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** One way of the rows of an output layer through product, loss and gradients, a chunk of rows at a time. */
final class OnePass {
    private final TorchLoss loss;
    private final IActivation activation;
    private final INDArray x;
    private final INDArray w;
    /** Null for a layer without one. */
    private final INDArray b;

    private final long rows;
    private final long outputs;
    private long rowsOfChunk;
    private LayerWorkspaceMgr workspaceMgr;
    private ArrayType working;
    private ArrayType loop;

    OnePass(TorchLoss loss, IActivation activation, INDArray x, INDArray w, INDArray b) {
        this.loss = loss;
        this.activation = activation;
        this.x = x;
        this.w = w;
        this.b = b;
        this.rows = x.size(0);
        this.outputs = w.size(1);
    }

    /**
     * Says how much is held at a time.
     *
     * @param working where chunks lie
     * @param loop for what is needed during one chunk
     */
    void prepare(long rowsOfChunk, LayerWorkspaceMgr workspaceMgr, ArrayType working, ArrayType loop) {
        this.rowsOfChunk = Math.max(1, rowsOfChunk);
        this.workspaceMgr = workspaceMgr;
        this.working = working;
        this.loop = loop;
    }

    /** Transposed, as the product has it. */
    INDArray newGradientOfInput(LayerWorkspaceMgr mgr) {
        return mgr.createUninitialized(ArrayType.ACTIVATION_GRAD, w.dataType(), new long[] {w.size(0), rows}, 'f');
    }

    /**
     * The loss as {@link TorchLoss#computeScore} has it, and all gradients.
     *
     * @param mask of the rows, or null
     * @param ofWeights overwritten
     * @param ofBias overwritten; null: no bias
     * @param ofInput transposed; overwritten
     */
    @SuppressWarnings("try") // a scope is closed, and not used
    double lossAndGradients(INDArray labels, INDArray mask, INDArray ofWeights, INDArray ofBias, INDArray ofInput) {
        LossInParts parts = parts(labels, mask);
        INDArray z = newChunk();
        INDArray g = newChunk();
        double sum = 0;
        for (long first = 0; first < rows; first += rowsOfChunk) {
            long n = Math.min(rowsOfChunk, rows - first);
            INDArray gradient = rows(g, 0, n);
            try (MemoryWorkspace ofChunk = workspaceMgr.notifyScopeEntered(loop)) {
                sum += parts.valueAndGradient(first, preOutput(first, rows(z, 0, n)), gradient);
                addOfParameters(first, gradient, ofWeights, ofBias);
                Nd4j.gemm(w, gradient, columns(ofInput, first, n), false, true, 1, 0);
            }
        }
        return sum;
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
    @SuppressWarnings("try")
    double loss(INDArray labels, INDArray mask) {
        LossInParts parts = parts(labels, mask);
        INDArray z = newChunk();
        double sum = 0;
        for (long first = 0; first < rows; first += rowsOfChunk) {
            long n = Math.min(rowsOfChunk, rows - first);
            try (MemoryWorkspace ofChunk = workspaceMgr.notifyScopeEntered(loop)) {
                sum += parts.value(first, preOutput(first, rows(z, 0, n)));
            }
        }
        return sum;
    }

    /** The loss of each row, (rows, 1). */
    @SuppressWarnings("try")
    INDArray lossOfRows(INDArray labels, INDArray mask) {
        LossInParts parts = parts(labels, mask);
        INDArray z = newChunk();
        INDArray losses = Nd4j.createUninitialized(w.dataType(), rows, 1);
        for (long first = 0; first < rows; first += rowsOfChunk) {
            long n = Math.min(rowsOfChunk, rows - first);
            try (MemoryWorkspace ofChunk = workspaceMgr.notifyScopeEntered(loop)) {
                rows(losses, first, n).assign(parts.lossOfRows(first, preOutput(first, rows(z, 0, n))));
            }
        }
        return losses;
    }

    private LossInParts parts(INDArray labels, INDArray mask) {
        return loss.inParts(labels, activation, mask, w.dataType(), rows, outputs);
    }

    private INDArray newChunk() {
        return workspaceMgr.createUninitialized(
                working, w.dataType(), new long[] {Math.min(rows, rowsOfChunk), outputs}, 'c');
    }

    private INDArray preOutput(long first, INDArray z) {
        // transposed, so that the result lies as BLAS wants it: any other would be copied
        Nd4j.gemm(w, rows(x, first, z.size(0)), z.transpose(), true, true, 1, 0);
        return b == null ? z : z.addiRowVector(b);
    }

    /** A view; the array itself where that is all of it. */
    private static INDArray rows(INDArray array, long first, long n) {
        return n == array.size(0) ? array : array.get(NDArrayIndex.interval(first, first + n), NDArrayIndex.all());
    }

    private static INDArray columns(INDArray array, long first, long n) {
        return n == array.size(1) ? array : array.get(NDArrayIndex.all(), NDArrayIndex.interval(first, first + n));
    }
}
