/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import io.github.dl4jlosses.TorchLoss;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
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
 * The computation of fused output layers: gradient and score in one pass.
 *
 * <p>DL4J asks for the gradient, and then for the score of the same input. The pass for the gradient keeps the score
 * for that one question; anything that may change the answer discards it.
 *
 * @param <C> the configuration
 */
abstract class FusedRuntime<C extends org.deeplearning4j.nn.conf.layers.BaseOutputLayer & Chunked>
        extends BaseOutputLayer<C> {
    private static final long serialVersionUID = 1L;

    /** The loss that belongs to the last gradient, before any division; null: discarded. */
    private transient Double kept;

    private double regularization;

    FusedRuntime(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    // ---- what the kinds of layers differ in ----

    /** Refuses input and labels that do not go together. */
    abstract void requireInputAndLabelsFit();

    /** Turns the input, in its field, into rows. */
    abstract void inputToRows(LayerWorkspaceMgr workspaceMgr, ArrayType type);

    /** The reverse, for the gradient that goes to the layer below. */
    abstract INDArray ofInput(INDArray rows, LayerWorkspaceMgr workspaceMgr);

    /** The rows of an example; asked for while the input is rows. */
    abstract long rowsOfExample();

    // ---- a pass ----

    private OnePass pass(boolean training, LayerWorkspaceMgr workspaceMgr, boolean backward) {
        applyDropOutIfNecessary(training, workspaceMgr);
        INDArray w = getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, training, workspaceMgr);
        INDArray b = hasBias() ? getParamWithNoise(DefaultParamInitializer.BIAS_KEY, training, workspaceMgr) : null;
        if (input.rank() != 2 || input.size(1) != w.size(0)) {
            throw new DL4JInvalidInputException("Input has shape " + Arrays.toString(input.shape())
                    + ", but must have rank 2 and " + w.size(0)
                    + " columns, the layer's nIn; is a preprocessor missing? "
                    + layerId());
        }
        return new OnePass(
                loss(),
                layerConf().getActivationFn(),
                input.castTo(w.dataType()),
                w,
                b,
                chunks(input.size(0), w.size(1), workspaceMgr, backward));
    }

    private TorchLoss loss() {
        return (TorchLoss) layerConf().getLossFn();
    }

    private Chunks chunks(long rows, long outputs, LayerWorkspaceMgr workspaceMgr, boolean backward) {
        if (loss().hasLossPerSequence()) {
            return Chunks.one(rows, workspaceMgr, backward);
        }
        long examples = layerConf().getChunk();
        if (examples == 0) {
            return Chunks.chosen(rows, outputs, workspaceMgr, backward);
        }
        // no more examples than rows, so that the product fits a long
        return Chunks.of(rows, Math.min(rows, examples) * rowsOfExample(), workspaceMgr, backward);
    }

    /** Does the work while the input is rows, and returns its result. */
    private <R> R onRows(LayerWorkspaceMgr workspaceMgr, ArrayType type, Supplier<R> work) {
        requireInputAndLabelsFit();
        INDArray given = input;
        try {
            inputToRows(workspaceMgr, type);
            return work.get();
        } finally {
            // a layer that takes rows keeps its input, with dropout applied
            if (given.rank() != 2) {
                input = given;
            }
        }
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(true);
        forget();
        Gradient ofParameters = new DefaultGradient();
        INDArray ofRows = onRows(workspaceMgr, ArrayType.BP_WORKING_MEM, () -> gradient(ofParameters, workspaceMgr));
        return new Pair<>(ofParameters, ofInput(ofRows, workspaceMgr));
    }

    /** The gradient of the rows; those of the parameters go into the network's arrays, and the loss is kept. */
    private INDArray gradient(Gradient ofParameters, LayerWorkspaceMgr workspaceMgr) {
        try {
            OnePass pass = pass(true, workspaceMgr, true);
            INDArray ofWeights = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
            INDArray ofBias = hasBias() ? gradientViews.get(DefaultParamInitializer.BIAS_KEY) : null;
            INDArray ofRows = pass.newGradientOfInput(workspaceMgr);
            kept = pass.lossAndGradients(
                    getLabels2d(workspaceMgr, ArrayType.BP_WORKING_MEM), maskArray, ofWeights, ofBias, ofRows);
            ofParameters.gradientForVariable().put(DefaultParamInitializer.WEIGHT_KEY, ofWeights);
            if (ofBias != null) {
                ofParameters.gradientForVariable().put(DefaultParamInitializer.BIAS_KEY, ofBias);
            }
            return backpropDropOutIfPresent(ofRows.transpose());
        } finally {
            weightNoiseParams.clear();
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
        return onRows(
                workspaceMgr,
                ArrayType.FF_WORKING_MEM,
                () -> pass(training, workspaceMgr, false)
                        .loss(getLabels2d(workspaceMgr, ArrayType.FF_WORKING_MEM), maskArray));
    }

    /** The loss of each row, (rows, 1). */
    final INDArray lossOfRows(LayerWorkspaceMgr workspaceMgr) {
        requireInputAndLabels();
        return onRows(
                workspaceMgr,
                ArrayType.FF_WORKING_MEM,
                () -> pass(false, workspaceMgr, false)
                        .lossOfRows(getLabels2d(workspaceMgr, ArrayType.FF_WORKING_MEM), maskArray));
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
