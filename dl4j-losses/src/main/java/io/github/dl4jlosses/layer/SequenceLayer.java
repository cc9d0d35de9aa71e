/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer that reads vectors (N, C) or sequences, and processes the channels of each step as torch does. */
abstract class SequenceLayer extends FeedForwardLayer {
    private static final long serialVersionUID = 1L;

    /** The order of the dimensions of input and output. */
    private RNNFormat rnnDataFormat = RNNFormat.NCW;

    /** DL4J's JSON reader calls it. */
    SequenceLayer() {}

    SequenceLayer(Builder<?> builder) {
        super(builder);
        this.rnnDataFormat = builder.rnnDataFormat;
    }

    /** The parameters, in their order in memory. */
    abstract List<LayerParameter> parameters();

    /** The object that computes. */
    abstract SequenceRuntime<?> runtime(NeuralNetConfiguration conf, DataType networkDataType);

    /** Refuses options that do not fit the numbers of channels. */
    void requireValid(int layerIndex) {
        // most have no such options
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> trainingListeners,
            int layerIndex,
            INDArray layerParamsView,
            boolean initializeParams,
            DataType networkDataType) {
        requireValid(layerIndex);
        return Instantiation.of(
                runtime(conf, networkDataType), trainingListeners, layerIndex, layerParamsView, initializeParams);
    }

    @Override
    public ParamInitializer initializer() {
        return new ParameterViews(parameters());
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        if (inputType instanceof InputType.InputTypeRecurrent) {
            InputType.InputTypeRecurrent sequence = (InputType.InputTypeRecurrent) inputType;
            return InputType.recurrent(getNOut(), sequence.getTimeSeriesLength(), sequence.getFormat());
        }
        return super.getOutputType(layerIndex, inputType);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        super.setNIn(inputType, override);
        if (inputType instanceof InputType.InputTypeRecurrent) {
            this.rnnDataFormat = ((InputType.InputTypeRecurrent) inputType).getFormat();
        }
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return inputType instanceof InputType.InputTypeRecurrent ? null : super.getPreProcessorForInputType(inputType);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        long size = initializer().numParams(this);
        return new LayerMemoryReport.Builder(getLayerName(), getClass(), inputType, getOutputType(-1, inputType))
                .standardMemory(size, getIUpdater() == null ? 0 : getIUpdater().stateSize(size))
                .workingMemory(0, 0, 0, inputType.arrayElementsPerExample())
                .cacheMemory(0, 0)
                .build();
    }

    /**
     * The order of the dimensions of a sequence, in input and output.
     *
     * @return NCW, (N, C, T), unless the input type says otherwise
     */
    public RNNFormat getRnnDataFormat() {
        return rnnDataFormat;
    }

    /**
     * Sets the order of the dimensions, as a saved model has it.
     *
     * @param rnnDataFormat not null
     */
    public void setRnnDataFormat(RNNFormat rnnDataFormat) {
        this.rnnDataFormat = rnnDataFormat;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && rnnDataFormat == ((SequenceLayer) other).rnnDataFormat;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other != null && other.getClass() == getClass();
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), rnnDataFormat);
    }

    /** The common options of the builders. There is no activation unless one is set, as in torch's modules. */
    abstract static class Builder<T extends Builder<T>> extends FeedForwardLayer.Builder<T> {
        private RNNFormat rnnDataFormat = RNNFormat.NCW;

        Builder() {
            setActivationFn(new ActivationIdentity());
        }

        /**
         * The order of the dimensions of a sequence, in input and output.
         *
         * @param rnnDataFormat NCW by default, (N, C, T); NWC is (N, T, C). An input type overrides it
         * @return this builder
         */
        @SuppressWarnings("unchecked") // as in the framework's builders
        public T dataFormat(RNNFormat rnnDataFormat) {
            this.rnnDataFormat = rnnDataFormat;
            return (T) this;
        }
    }
}
