/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.Arrays;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.TimeSeriesUtils;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The computation of a {@link FusedRnnOutputLayer}, on {@link SequenceRows}. */
final class FusedRnnOutput extends FusedRuntime<FusedRnnOutputLayer> {
    private static final long serialVersionUID = 1L;

    /** The mask as the network gave it, before it became a mask of rows. */
    private transient INDArray givenMask;

    FusedRnnOutput(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    private SequenceRows format() {
        return new SequenceRows(layerConf().getRnnDataFormat());
    }

    private INDArray rows(INDArray sequences, LayerWorkspaceMgr workspaceMgr, ArrayType type) {
        return format().rows(sequences, workspaceMgr, type);
    }

    private INDArray sequences(INDArray rows, LayerWorkspaceMgr workspaceMgr, ArrayType type) {
        return format().sequences(rows, input.size(0), workspaceMgr, type);
    }

    private void requireSequences() {
        if (input.rank() != 3) {
            throw new UnsupportedOperationException(
                    "FusedRnnOutputLayer expects input of rank 3, [minibatch, size, sequenceLength], got "
                            + Arrays.toString(input.shape()) + " " + layerId());
        }
    }

    @Override
    void requireInputAndLabelsFit() {
        requireSequences();
        int time = format().timeDimension();
        if (labels.rank() != 3 || labels.size(0) != input.size(0) || labels.size(time) != input.size(time)) {
            throw new IllegalStateException(
                    "Sequence lengths do not match for FusedRnnOutputLayer: the input has shape "
                            + Arrays.toString(input.shape()) + ", the labels have " + Arrays.toString(labels.shape())
                            + "; both must be sequences, with time in dimension " + time + " " + layerId());
        }
    }

    @Override
    void inputToRows(LayerWorkspaceMgr workspaceMgr, ArrayType type) {
        input = rows(input, workspaceMgr, type);
    }

    @Override
    INDArray ofInput(INDArray rows, LayerWorkspaceMgr workspaceMgr) {
        return sequences(rows, workspaceMgr, ArrayType.ACTIVATION_GRAD);
    }

    @Override
    long rowsOfExample() {
        return labels.size(format().timeDimension());
    }

    @Override
    protected INDArray getLabels2d(LayerWorkspaceMgr workspaceMgr, ArrayType arrayType) {
        return rows(labels, workspaceMgr, arrayType);
    }

    @Override
    protected INDArray preOutput2d(boolean training, LayerWorkspaceMgr workspaceMgr) {
        requireSequences();
        INDArray given = input;
        try {
            inputToRows(workspaceMgr, ArrayType.FF_WORKING_MEM);
            return preOutput(training, workspaceMgr);
        } finally {
            input = given;
        }
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
        INDArray rows = layerConf().getActivationFn().getActivation(preOutput2d(training, workspaceMgr), training);
        if (maskArray != null) {
            applyMask(rows);
        }
        return sequences(rows, workspaceMgr, ArrayType.ACTIVATIONS);
    }

    @Override
    public INDArray computeScoreForExamples(double fullNetRegTerm, LayerWorkspaceMgr workspaceMgr) {
        INDArray steps =
                TimeSeriesUtils.reshapeVectorToTimeSeriesMask(lossOfRows(workspaceMgr), Math.toIntExact(input.size(0)));
        return workspaceMgr.leverageTo(ArrayType.ACTIVATIONS, steps.sum(true, 1).addi(fullNetRegTerm));
    }

    @Override
    public void setMaskArray(INDArray maskArray) {
        if (maskArray == null) {
            super.setMaskArray(null);
        } else if (maskArray != givenMask) {
            super.setMaskArray(maskArray.rank() == 3 ? rowsOfMask(maskArray) : columnOfMask(maskArray));
        }
        givenMask = maskArray;
    }

    private INDArray rowsOfMask(INDArray mask) {
        return rows(mask, LayerWorkspaceMgr.noWorkspacesImmutable(), ArrayType.INPUT);
    }

    private INDArray columnOfMask(INDArray mask) {
        if (mask.rank() != 2) {
            throw new UnsupportedOperationException(
                    "Invalid mask array: must be rank 2 or 3, got " + Arrays.toString(mask.shape()) + " " + layerId());
        }
        return TimeSeriesUtils.reshapeTimeSeriesMaskToVector(
                mask, LayerWorkspaceMgr.noWorkspacesImmutable(), ArrayType.INPUT);
    }

    /** A mask of the features says nothing of the labels, as in RnnOutputLayer. */
    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(
            INDArray maskArray, MaskState currentMaskState, int minibatchSize) {
        return null;
    }

    @Override
    public Type type() {
        return Type.RECURRENT;
    }

    @Override
    public void clear() {
        super.clear();
        givenMask = null;
    }
}
