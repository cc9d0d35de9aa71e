/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The computation of a {@link SequenceLayer}, on rows: row n·T + t is step t of sequence n. */
abstract class SequenceRuntime<C extends SequenceLayer> extends BaseLayer<C> {
    private static final long serialVersionUID = 1L;

    SequenceRuntime(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    /** The output before the activation; never changes its argument, but may return it. */
    abstract INDArray forward(INDArray rows, boolean training, LayerWorkspaceMgr workspaceMgr);

    /** The gradient of the rows; those of the parameters go to {@link #setGradient}. */
    abstract INDArray backward(INDArray rows, INDArray delta, LayerWorkspaceMgr workspaceMgr);

    final void setGradient(String parameter, INDArray value) {
        INDArray view = gradientViews.get(parameter);
        view.assign(value.reshape('c', view.shape()));
    }

    // ---- sequences as rows ----

    private boolean isChannelsFirst() {
        return layerConf().getRnnDataFormat() == RNNFormat.NCW;
    }

    final long steps() {
        return input.rank() == 2 ? 1 : input.size(isChannelsFirst() ? 2 : 1);
    }

    private INDArray rows(INDArray array) {
        if (array.rank() == 2) {
            return array.castTo(dataType).dup('c');
        }
        INDArray channelsLast = isChannelsFirst() ? array.permute(0, 2, 1) : array;
        return channelsLast
                .castTo(dataType)
                .dup('c')
                .reshape('c', array.size(0) * channelsLast.size(1), channelsLast.size(2));
    }

    private INDArray inFormat(INDArray rows) {
        if (input.rank() == 2) {
            return rows;
        }
        INDArray channelsLast = rows.dup('c').reshape('c', input.size(0), steps(), rows.size(1));
        return isChannelsFirst() ? channelsLast.permute(0, 2, 1) : channelsLast;
    }

    private void requireInput() {
        assertInputSet(false);
        int rank = input.rank();
        long channels = rank == 2 || rank == 3 ? input.size(rank == 2 || isChannelsFirst() ? 1 : 2) : -1;
        if (channels != layerConf().getNIn()) {
            throw new IllegalArgumentException(
                    "the input must have shape [N, " + layerConf().getNIn() + "] or "
                            + (isChannelsFirst()
                                    ? "[N, " + layerConf().getNIn() + ", T]"
                                    : "[N, T, " + layerConf().getNIn() + "]")
                            + ", got " + Arrays.toString(input.shape()) + " " + layerId());
        }
    }

    // ---- as the framework calls it ----

    @Override
    public final INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
        requireInput();
        applyDropOutIfNecessary(training, workspaceMgr);
        INDArray z = forward(rows(input), training, workspaceMgr);
        INDArray activations = layerConf().getActivationFn().getActivation(z, training);
        return workspaceMgr.dup(ArrayType.ACTIVATIONS, inFormat(activations));
    }

    @Override
    public final Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(true);
        INDArray rows = rows(input);
        INDArray delta = rows(epsilon);
        if (!(layerConf().getActivationFn() instanceof ActivationIdentity)) {
            INDArray z = forward(rows, true, workspaceMgr);
            delta = layerConf().getActivationFn().backprop(z, delta).getFirst();
        }
        INDArray ofRows = backward(rows, delta, workspaceMgr);
        weightNoiseParams.clear();
        INDArray ofInput = workspaceMgr.dup(ArrayType.ACTIVATION_GRAD, inFormat(ofRows));
        return new Pair<>(gradients(), backpropDropOutIfPresent(ofInput));
    }

    private Gradient gradients() {
        Gradient gradients = new DefaultGradient();
        if (gradientViews != null) {
            for (Map.Entry<String, INDArray> view : gradientViews.entrySet()) {
                gradients.setGradientFor(view.getKey(), view.getValue(), LayerParameter.ORDER);
            }
        }
        return gradients;
    }

    @Override
    public void setParams(INDArray params) {
        if (params != null && params != paramsFlattened) {
            setParams(params, LayerParameter.ORDER);
        }
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }
}
