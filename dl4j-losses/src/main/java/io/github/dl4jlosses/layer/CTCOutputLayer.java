/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import io.github.dl4jlosses.CTCLoss;
import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An output layer that trains a recurrent network with {@link CTCLoss}: it reads sequences (N, nIn, T), and its labels
 * have a length S of their own.
 *
 * <p>Labels: (N, S) or (N, 1, S), the classes of each label from the first place on. A label ends before its first
 * negative number, or before the first 0 of a labels mask (N, S), which DL4J makes when it merges labels of different
 * lengths. A features mask (N, T) says how many steps of each sequence are read, from the first on. A label may have
 * any length, but if it needs more steps than there are its loss is infinite, see {@link CTCLoss}.
 *
 * <p>Output: (N, C, T), or (N, T, C) in the format NWC, as in DL4J's RnnOutputLayer. Under the usual softmax these are
 * the probabilities of classes and blank at each step. {@code GreedyDecoder} of the package {@code evaluation} reads
 * labels from them.
 *
 * <p>The layer tells the loss the number of steps, so {@code positionsPerExample} of the loss is ignored. Do not use it
 * with truncated back-propagation, which cuts labels at the same places as sequences.
 *
 * <pre>{@code
 * MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
 *         .updater(new Adam(1e-3))
 *         .list()
 *         .layer(new LSTM.Builder().nOut(64).build())
 *         .layer(new CTCOutputLayer.Builder().nOut(11).build()) // ten digits behind the blank
 *         .setInputType(InputType.recurrent(8))
 *         .build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class CTCOutputLayer extends BaseOutputLayer {
    private static final long serialVersionUID = 1L;

    /** The order of the dimensions of input and output. */
    private RNNFormat rnnDataFormat = RNNFormat.NCW;

    /** DL4J's JSON reader calls it. */
    CTCOutputLayer() {}

    private CTCOutputLayer(Builder builder) {
        super(builder);
        initializeConstraints(builder);
        this.rnnDataFormat = builder.rnnDataFormat;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> trainingListeners,
            int layerIndex,
            INDArray layerParamsView,
            boolean initializeParams,
            DataType networkDataType) {
        return Instantiation.of(
                new CTCOutput(conf, networkDataType), trainingListeners, layerIndex, layerParamsView, initializeParams);
    }

    @Override
    public ParamInitializer initializer() {
        return DefaultParamInitializer.getInstance();
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        InputType.InputTypeRecurrent sequence = sequence(inputType);
        return InputType.recurrent(getNOut(), sequence.getTimeSeriesLength(), sequence.getFormat());
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        InputType.InputTypeRecurrent sequence = sequence(inputType);
        this.rnnDataFormat = sequence.getFormat();
        if (getNIn() <= 0 || override) {
            setNIn(sequence.getSize());
        }
    }

    private InputType.InputTypeRecurrent sequence(InputType inputType) {
        if (!(inputType instanceof InputType.InputTypeRecurrent)) {
            throw new IllegalStateException("Invalid input type for CTCOutputLayer (layer name=\"" + getLayerName()
                    + "\"): Expected RNN input, got " + inputType);
        }
        return (InputType.InputTypeRecurrent) inputType;
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return InputTypeUtil.getPreprocessorForInputTypeRnnLayers(inputType, rnnDataFormat, getLayerName());
    }

    /**
     * The order of the dimensions of input and output.
     *
     * @return NCW, (N, nIn, T), unless the input type says otherwise
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
        return super.equals(other) && rnnDataFormat == ((CTCOutputLayer) other).rnnDataFormat;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof CTCOutputLayer;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), rnnDataFormat);
    }

    /**
     * Builds a {@link CTCOutputLayer}, with a softmax and torch's defaults unless told otherwise.
     *
     * @since 0.1.0
     */
    @SuppressWarnings("unchecked") // the framework's build() gives whatever is asked for
    public static final class Builder extends BaseOutputLayer.Builder<Builder> {
        private RNNFormat rnnDataFormat = RNNFormat.NCW;

        /** With {@link CTCLoss#CTCLoss() torch's defaults}. */
        public Builder() {
            this(new CTCLoss());
        }

        /**
         * With a loss and its options.
         *
         * @param loss its {@code miniBatch} must be set as in the network's configuration
         */
        public Builder(CTCLoss loss) {
            super(loss);
            setActivationFn(new ActivationSoftmax());
        }

        /**
         * The order of the dimensions of input and output.
         *
         * @param rnnDataFormat NCW by default, (N, nIn, T); NWC is (N, T, nIn)
         * @return this builder
         */
        public Builder dataFormat(RNNFormat rnnDataFormat) {
            this.rnnDataFormat = rnnDataFormat;
            return this;
        }

        @Override
        public CTCOutputLayer build() {
            if (!(getLossFn() instanceof CTCLoss)) {
                throw new IllegalArgumentException("CTCOutputLayer takes a CTCLoss, got " + getLossFn());
            }
            return new CTCOutputLayer(this);
        }
    }
}
