/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import io.github.dl4jlosses.TorchLoss;
import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseOutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What fused output layers compute: gradient and score in one pass.
 *
 * <p>DL4J asks for the gradient, and then for the score of the same input. The pass for the gradient keeps the score for that
 * question, once; whatever may change the answer, forgets it.
 *
 * @param <C> the configuration
 */
abstract class FusedRuntime<C extends org.deeplearning4j.nn.conf.layers.BaseOutputLayer> extends BaseOutputLayer<C> {
    private static final long serialVersionUID = 1L;

    /** Numbers of pre-output that are held at most, unless rows are very long or the user says otherwise. */
    static final int NUMBERS_OF_CHUNK = 1 << 24;

    /** Fewer rows make slow products. */
    private static final long FEWEST_ROWS = 64;

    /** The loss that the last gradient belongs to, before anything is divided; null: forgotten. */
    private transient Double kept;

    private double regularization;

    FusedRuntime(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    // ---- what the kinds of layers differ in ----

    /** Refuses input and labels that do not go together. */
    abstract void requireInputAndLabelsFit();

    /** Makes rows of the input, in its field. */
    abstract void inputToRows(LayerWorkspaceMgr workspaceMgr, ArrayType type);

    /** The reverse for what goes to the layer below. */
    abstract INDArray ofInput(INDArray rows, LayerWorkspaceMgr workspaceMgr);

    /** The examples of a chunk times the rows of an example; 0: the layer chooses. */
    abstract long rowsOfGivenChunk();

    // ---- a pass ----

    private OnePass pass(boolean training, LayerWorkspaceMgr workspaceMgr, ArrayType working) {
        applyDropOutIfNecessary(training, workspaceMgr);
        INDArray w = getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, training, workspaceMgr);
        INDArray b = hasBias() ? getParamWithNoise(DefaultParamInitializer.BIAS_KEY, training, workspaceMgr) : null;
        if (input.rank() != 2 || input.size(1) != w.size(0)) {
            throw new DL4JInvalidInputException("Input has shape " + Arrays.toString(input.shape())
                    + ", but must have rank 2 and " + w.size(0)
                    + " columns, the layer's nIn; is a preprocessor missing? "
                    + layerId());
        }
        OnePass pass = new OnePass(loss(), layerConf().getActivationFn(), input.castTo(w.dataType()), w, b);
        ArrayType loop = working == ArrayType.BP_WORKING_MEM
                ? ArrayType.RNN_BP_LOOP_WORKING_MEM
                : ArrayType.RNN_FF_LOOP_WORKING_MEM;
        pass.prepare(rowsOfChunk(input.size(0), w.size(1)), workspaceMgr, working, loop);
        return pass;
    }

    private TorchLoss loss() {
        return (TorchLoss) layerConf().getLossFn();
    }

    private long rowsOfChunk(long rows, long outputs) {
        if (loss().hasLossPerSequence()) {
            return rows;
        }
        long given = rowsOfGivenChunk();
        long most = given > 0 ? given : Math.max(FEWEST_ROWS, NUMBERS_OF_CHUNK / Math.max(1, outputs));
        // chunks alike, so that the last is not a small one
        long chunks = Math.max(1, (rows + most - 1) / most);
        return given > 0 ? Math.min(rows, given) : (rows + chunks - 1) / chunks;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(true);
        requireInputAndLabelsFit();
        forget();
        INDArray given = input;
        Gradient ofParameters = new DefaultGradient();
        INDArray ofRows;
        double loss;
        try {
            inputToRows(workspaceMgr, ArrayType.BP_WORKING_MEM);
            OnePass pass = pass(true, workspaceMgr, ArrayType.BP_WORKING_MEM);
            INDArray ofWeights = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
            INDArray ofBias = hasBias() ? gradientViews.get(DefaultParamInitializer.BIAS_KEY) : null;
            ofRows = pass.newGradientOfInput(workspaceMgr);
            loss = pass.lossAndGradients(
                    getLabels2d(workspaceMgr, ArrayType.BP_WORKING_MEM), maskArray, ofWeights, ofBias, ofRows);
            ofParameters.gradientForVariable().put(DefaultParamInitializer.WEIGHT_KEY, ofWeights);
            if (ofBias != null) {
                ofParameters.gradientForVariable().put(DefaultParamInitializer.BIAS_KEY, ofBias);
            }
            ofRows = backpropDropOutIfPresent(ofRows.transpose());
        } finally {
            restore(given);
            weightNoiseParams.clear();
        }
        Pair<Gradient, INDArray> gradients = new Pair<>(ofParameters, ofInput(ofRows, workspaceMgr));
        kept = loss;
        return gradients;
    }

    /** Rows may have been made of the input; that of a layer which takes rows stays, with dropout applied. */
    private void restore(INDArray given) {
        if (given.rank() != 2) {
            input = given;
        }
    }

    @Override
    public double computeScore(double fullNetRegTerm, boolean training, LayerWorkspaceMgr workspaceMgr) {
        requireInputAndLabels();
        regularization = fullNetRegTerm;
        double loss = training && kept != null ? kept : loss(training, workspaceMgr);
        forget();
        score = (conf().isMiniBatch() ? loss / getInputMiniBatchSize() : loss) + fullNetRegTerm;
        return score;
    }

    private double loss(boolean training, LayerWorkspaceMgr workspaceMgr) {
        requireInputAndLabelsFit();
        INDArray given = input;
        try {
            inputToRows(workspaceMgr, ArrayType.FF_WORKING_MEM);
            return pass(training, workspaceMgr, ArrayType.FF_WORKING_MEM)
                    .loss(getLabels2d(workspaceMgr, ArrayType.FF_WORKING_MEM), maskArray);
        } finally {
            restore(given);
        }
    }

    /** The loss of each row, (rows, 1). */
    final INDArray lossOfRows(LayerWorkspaceMgr workspaceMgr) {
        requireInputAndLabels();
        requireInputAndLabelsFit();
        INDArray given = input;
        try {
            inputToRows(workspaceMgr, ArrayType.FF_WORKING_MEM);
            return pass(false, workspaceMgr, ArrayType.FF_WORKING_MEM)
                    .lossOfRows(getLabels2d(workspaceMgr, ArrayType.FF_WORKING_MEM), maskArray);
        } finally {
            restore(given);
        }
    }

    @Override
    public void computeGradientAndScore(LayerWorkspaceMgr workspaceMgr) {
        if (input == null || labels == null) {
            return;
        }
        gradient = backpropGradient(null, workspaceMgr).getFirst();
        computeScore(regularization, true, workspaceMgr);
    }

    private void requireInputAndLabels() {
        if (input == null || labels == null) {
            throw new IllegalStateException("Cannot calculate score without input and labels " + layerId());
        }
    }

    // ---- what the kept loss depends on ----

    final void forget() {
        kept = null;
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaceMgr) {
        forget();
        super.setInput(input, workspaceMgr);
    }

    @Override
    public void setLabels(INDArray labels) {
        forget();
        super.setLabels(labels);
    }

    /** A graph sets the mask once more between gradient and score. */
    @Override
    public void setMaskArray(INDArray maskArray) {
        if (maskArray != this.maskArray) {
            forget();
        }
        super.setMaskArray(maskArray);
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(
            INDArray maskArray, MaskState currentMaskState, int minibatchSize) {
        forget();
        return super.feedForwardMaskArray(maskArray, currentMaskState, minibatchSize);
    }

    @Override
    public void setParam(String key, INDArray val) {
        forget();
        super.setParam(key, val);
    }

    @Override
    protected void setParams(INDArray params, char order) {
        forget();
        super.setParams(params, order);
    }

    @Override
    public void setParamsViewArray(INDArray params) {
        forget();
        super.setParamsViewArray(params);
    }

    @Override
    public void setParamTable(Map<String, INDArray> paramTable) {
        forget();
        super.setParamTable(paramTable);
    }

    @Override
    public void setConf(NeuralNetConfiguration conf) {
        forget();
        super.setConf(conf);
    }

    @Override
    public void clear() {
        forget();
        regularization = 0;
        super.clear();
    }
}
