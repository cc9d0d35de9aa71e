/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import io.github.dl4jlosses.TorchLoss;
import java.util.Arrays;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseOutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.TimeSeriesUtils;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The computation of a {@link CTCOutputLayer}. */
final class CTCOutput extends BaseOutputLayer<CTCOutputLayer> {
    private static final long serialVersionUID = 1L;

    /** (N, S), or null. It is kept apart from the mask of the superclasses, which multiply outputs by theirs. */
    private INDArray labelsMask;

    CTCOutput(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    // ---- sequences as rows ----

    /** The pre-output of all steps. */
    @Override
    protected INDArray preOutput2d(boolean training, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(false);
        INDArray sequences = input;
        try {
            input = rows(sequences, workspaceMgr, ArrayType.FF_WORKING_MEM);
            return preOutput(training, workspaceMgr);
        } finally {
            input = sequences;
        }
    }

    private INDArray rows(INDArray sequences, LayerWorkspaceMgr workspaceMgr, ArrayType type) {
        if (sequences.rank() != 3) {
            throw new IllegalStateException(
                    "CTCOutputLayer expects input of rank 3, [minibatch, size, sequenceLength], got "
                            + Arrays.toString(sequences.shape()) + " " + layerId());
        }
        return format().rows(sequences, workspaceMgr, type);
    }

    private INDArray sequences(INDArray rows, LayerWorkspaceMgr workspaceMgr, ArrayType type) {
        return format().sequences(rows, input.size(0), workspaceMgr, type);
    }

    private SequenceRows format() {
        return new SequenceRows(layerConf().getRnnDataFormat());
    }

    private long steps() {
        return input.size(format().timeDimension());
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
        INDArray z = preOutput2d(training, workspaceMgr);
        return sequences(layerConf().getActivationFn().getActivation(z, training), workspaceMgr, ArrayType.ACTIVATIONS);
    }

    // ---- labels and masks ----

    /** The classes of each label, (N, S), negative behind its end. */
    @Override
    protected INDArray getLabels2d(LayerWorkspaceMgr workspaceMgr, ArrayType arrayType) {
        boolean isPlain = labels.rank() == 2
                || (labels.rank() == 3 && (labels.size(1) == 1 || labels.size(2) == 1) && !labels.isEmpty());
        if (!isPlain || labels.size(0) != input.size(0)) {
            throw new IllegalArgumentException(
                    "labels of a CTCOutputLayer must have shape [" + input.size(0) + ", S] or [" + input.size(0)
                            + ", 1, S], got " + Arrays.toString(labels.shape()) + " " + layerId());
        }
        INDArray classes = labels.reshape(labels.size(0), labels.length() / labels.size(0));
        if (labelsMask != null) {
            classes = ended(classes);
        }
        // one number for each row would be read as a label without a known length
        return steps() > 1 || classes.size(1) > 1
                ? classes
                : Nd4j.hstack(classes, Nd4j.valueArrayOf(classes.shape(), -1, classes.dataType()));
    }

    private INDArray ended(INDArray classes) {
        if (!Arrays.equals(labelsMask.shape(), classes.shape())) {
            throw new IllegalArgumentException("the labels mask has shape " + Arrays.toString(labelsMask.shape())
                    + ", but the labels have " + Arrays.toString(classes.shape()) + " " + layerId());
        }
        INDArray ended = classes.castTo(DataType.DOUBLE).dup();
        for (int n = 0; n < ended.size(0); n++) {
            for (int i = 0; i < ended.size(1); i++) {
                double kept = labelsMask.getDouble(n, i);
                if (kept != 0 && kept != 1) {
                    throw new IllegalArgumentException("the labels mask must be 0 or 1, got " + kept + " (example " + n
                            + ", place " + i + ") " + layerId());
                }
                if (kept == 0) {
                    ended.putScalar(n, i, -1);
                }
            }
        }
        return ended;
    }

    /** Sets the mask of the labels; null also removes the mask of the features, which DL4J does not do by itself. */
    @Override
    public void setMaskArray(INDArray maskArray) {
        labelsMask = maskArray;
        if (maskArray == null) {
            inputMaskArray = null;
            inputMaskArrayState = null;
        } else if (maskArray.rank() == 3) {
            labelsMask = maskArray.reshape(maskArray.size(0), maskArray.length() / maskArray.size(0));
        }
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(
            INDArray maskArray, MaskState currentMaskState, int minibatchSize) {
        // in any state: a recurrent layer below calls the mask inactive, but it still says where a sequence ends
        inputMaskArray = maskArray == null
                ? null
                : TimeSeriesUtils.reshapeTimeSeriesMaskToVector(
                        maskArray, LayerWorkspaceMgr.noWorkspacesImmutable(), ArrayType.INPUT);
        inputMaskArrayState = maskArray == null ? null : currentMaskState;
        // the last layer
        return null;
    }

    // ---- loss ----

    /** The loss, with the number of steps set. */
    private TorchLoss loss() {
        return ((TorchLoss) layerConf().getLossFn())
                .toBuilder().positionsPerExample(steps()).build();
    }

    private void requireInputAndLabels() {
        if (input == null || labels == null) {
            throw new IllegalStateException("Cannot calculate score without input and labels " + layerId());
        }
    }

    @Override
    public double computeScore(double fullNetRegTerm, boolean training, LayerWorkspaceMgr workspaceMgr) {
        requireInputAndLabels();
        INDArray z = preOutput2d(training, workspaceMgr);
        INDArray classes = getLabels2d(workspaceMgr, ArrayType.FF_WORKING_MEM);
        double sum = loss().computeScore(classes, z, layerConf().getActivationFn(), inputMaskArray, false);
        score = (conf().isMiniBatch() ? sum / getInputMiniBatchSize() : sum) + fullNetRegTerm;
        return score;
    }

    @Override
    public INDArray computeScoreForExamples(double fullNetRegTerm, LayerWorkspaceMgr workspaceMgr) {
        requireInputAndLabels();
        INDArray z = preOutput2d(false, workspaceMgr);
        INDArray classes = getLabels2d(workspaceMgr, ArrayType.FF_WORKING_MEM);
        INDArray ofRows = loss().computeScoreArray(classes, z, layerConf().getActivationFn(), inputMaskArray);
        // the loss of a sequence stands at its first step
        INDArray ofSequences = ofRows.get(NDArrayIndex.interval(0, input.size(0)), NDArrayIndex.all());
        return workspaceMgr.leverageTo(ArrayType.ACTIVATIONS, ofSequences.add(fullNetRegTerm));
    }

    @Override
    public void computeGradientAndScore(LayerWorkspaceMgr workspaceMgr) {
        gradient = backpropGradient(null, workspaceMgr).getFirst();
        computeScore(0, true, workspaceMgr);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(true);
        INDArray sequences = input;
        TorchLoss loss = loss();
        INDArray classes = getLabels2d(workspaceMgr, ArrayType.BP_WORKING_MEM);
        try {
            input = rows(sequences, workspaceMgr, ArrayType.BP_WORKING_MEM);
            INDArray z = preOutput(true, workspaceMgr);
            INDArray delta = loss.computeGradient(classes, z, layerConf().getActivationFn(), inputMaskArray);
            Gradient ofParameters = gradientOfParameters(delta);
            INDArray ofInput = gradientOfInput(delta, workspaceMgr);
            input = sequences;
            return new Pair<>(ofParameters, sequences(ofInput, workspaceMgr, ArrayType.ACTIVATION_GRAD));
        } finally {
            input = sequences;
            weightNoiseParams.clear();
        }
    }

    private Gradient gradientOfParameters(INDArray delta) {
        Gradient ofParameters = new DefaultGradient();
        INDArray ofWeights = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
        Nd4j.gemm(input.castTo(ofWeights.dataType()), delta, ofWeights, true, false, 1, 0);
        ofParameters.gradientForVariable().put(DefaultParamInitializer.WEIGHT_KEY, ofWeights);
        if (hasBias()) {
            INDArray ofBias = gradientViews.get(DefaultParamInitializer.BIAS_KEY);
            delta.sum(ofBias, 0);
            ofParameters.gradientForVariable().put(DefaultParamInitializer.BIAS_KEY, ofBias);
        }
        return ofParameters;
    }

    private INDArray gradientOfInput(INDArray delta, LayerWorkspaceMgr workspaceMgr) {
        INDArray w = getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, true, workspaceMgr);
        long[] shape = {w.size(0), delta.size(0)};
        INDArray transposed = workspaceMgr.createUninitialized(ArrayType.ACTIVATION_GRAD, delta.dataType(), shape, 'f');
        return backpropDropOutIfPresent(w.mmuli(delta.transpose(), transposed).transpose());
    }

    @Override
    public Type type() {
        return Type.RECURRENT;
    }

    @Override
    public void clear() {
        super.clear();
        labelsMask = null;
    }
}
