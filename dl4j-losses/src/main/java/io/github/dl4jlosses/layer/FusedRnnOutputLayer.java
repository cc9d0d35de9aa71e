/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import io.github.dl4jlosses.TorchLoss;
import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * DL4J's RnnOutputLayer with a loss of this library, computed once per iteration and, for large outputs, in chunks of
 * examples: the {@link FusedOutputLayer} for sequences.
 *
 * <p>Shapes: input (N, nIn, T), output (N, nOut, T), or (N, T, nIn) and (N, T, nOut) in the format NWC; labels and
 * masks as the loss takes them in an RnnOutputLayer, also class indices (N, 1, T). Parameters are RnnOutputLayer's.
 *
 * <p>Options: all of RnnOutputLayer's; {@code chunk}, see {@link Builder#chunk}. Without a data format input and labels are NCW.
 *
 * <p>What {@link FusedOutputLayer} says about chunks, losses and numbers holds here, too. If the layer has dropout, the
 * reported score belongs to the gradient; RnnOutputLayer reports that of the input without dropout.
 *
 * <pre>{@code
 * TorchLoss loss = CrossEntropyLoss.builder().positionsPerExample(64).build();
 * new FusedRnnOutputLayer.Builder(loss).nIn(512).nOut(50_000).chunk(4).build(); // 4 of its sequences at a time
 * }</pre>
 *
 * @since 0.1.0
 */
public final class FusedRnnOutputLayer extends RnnOutputLayer implements Chunked {
    private static final long serialVersionUID = 1L;

    /** The number of examples in a chunk; 0: the layer chooses. */
    private long chunk;

    /** DL4J's JSON reader calls it. */
    FusedRnnOutputLayer() {}

    /**
     * A fused layer with all settings of a layer of DL4J's.
     *
     * @param layer stays as it is; its loss must be of this library
     * @return a new layer, which chooses its chunks
     * @throws IllegalArgumentException if the loss is not of this library
     */
    public static FusedRnnOutputLayer of(RnnOutputLayer layer) {
        FusedRnnOutputLayer fused = new FusedRnnOutputLayer();
        OutputSettings.copy((BaseOutputLayer) layer.clone(), fused);
        fused.setRnnDataFormat(layer.getRnnDataFormat());
        return fused;
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
                new FusedRnnOutput(conf, networkDataType),
                trainingListeners,
                layerIndex,
                layerParamsView,
                initializeParams);
    }

    @Override
    public void setLossFn(ILossFunction lossFn) {
        super.setLossFn(OutputSettings.requireLoss(lossFn));
    }

    @Override
    public long getChunk() {
        return chunk;
    }

    @Override
    public void setChunk(long chunk) {
        this.chunk = chunk;
    }

    @Override
    public boolean equals(Object other) {
        // DL4J's equals accepts subclasses
        return other instanceof FusedRnnOutputLayer
                && super.equals(other)
                && chunk == ((FusedRnnOutputLayer) other).chunk;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FusedRnnOutputLayer;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), chunk);
    }

    @Override
    public String toString() {
        return "FusedRnnOutputLayer(super=" + super.toString() + ", chunk=" + chunk + ")";
    }

    /**
     * Builds a {@link FusedRnnOutputLayer}, with a softmax unless told otherwise.
     *
     * @since 0.1.0
     */
    @SuppressWarnings("unchecked") // the framework's build() gives whatever is asked for
    public static final class Builder extends FusedBuilder<Builder> {
        private RNNFormat rnnDataFormat;

        /**
         * With a loss of this library.
         *
         * @param loss its {@code miniBatch} must be set as in the network's configuration
         */
        public Builder(TorchLoss loss) {
            super(loss);
        }

        /**
         * The order of the dimensions of input and output.
         *
         * @param rnnDataFormat NCW, (N, nIn, T), or NWC, (N, T, nIn); if not set, the input type decides
         * @return this builder
         */
        public Builder dataFormat(RNNFormat rnnDataFormat) {
            this.rnnDataFormat = rnnDataFormat;
            return this;
        }

        @Override
        public FusedRnnOutputLayer build() {
            FusedRnnOutputLayer layer = new FusedRnnOutputLayer();
            passOnTo(layer);
            layer.setRnnDataFormat(rnnDataFormat);
            return layer;
        }
    }
}
