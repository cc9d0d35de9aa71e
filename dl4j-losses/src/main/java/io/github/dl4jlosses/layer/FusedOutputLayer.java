/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import io.github.dl4jlosses.TorchLoss;
import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * DL4J's OutputLayer with a loss of this library, computed once per iteration and, for large outputs, in chunks of
 * examples.
 *
 * <p>Formula: OutputLayer's, z = x W + b, then activation and loss; parameters {@code W} and {@code b} have the same
 * names, shapes and places, so that {@code LossSwap.fuse} can replace one layer by the other.
 *
 * <p>Shapes: input (N, nIn), output (N, nOut); labels and masks as the loss has them in an OutputLayer.
 *
 * <p>What differs from OutputLayer: {@code fit} needs gradient and score of each batch. OutputLayer computes z and the
 * loss once for each of the two, and holds all of z and of its gradient. This layer computes both in one pass. If z has
 * more than 2^24 numbers (64 MB in float32), the pass goes through the examples in chunks: z of a chunk, its loss and
 * gradient, and its share of the gradients of weights and input. So there are never more than two arrays of that size,
 * for any number of examples. {@code score(DataSet)} and {@code scoreExamples} work in chunks, too; {@code output}
 * holds all outputs, because it returns them.
 *
 * <p>Options: all of OutputLayer's; {@code chunk}, the number of examples in a chunk, chosen by the layer unless set.
 * The loss must be a {@link TorchLoss}; with {@link io.github.dl4jlosses.CTCLoss}, which takes whole sequences, there
 * is one chunk.
 *
 * <p>Reductions and denominators: the loss's own, over the whole batch. The denominator of a mean comes from labels and
 * masks, before the first chunk.
 *
 * <p>Numbers: the products with W have the layout that BLAS computes fastest. For sizes that do not fit its kernels,
 * BLAS adds up x W in another order than for OutputLayer, so z may differ in its last digit; neither result is nearer
 * to the exact one. With one chunk everything else equals OutputLayer's bit for bit. With several chunks score and
 * gradients are the same up to rounding, because sums over examples are formed chunk by chunk, in the order of the
 * examples. The same chunk size gives the same bits, and {@code score()} after {@code fit} belongs to the gradient of
 * that step.
 *
 * <pre>{@code
 * MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
 *         .list()
 *         .layer(new DenseLayer.Builder().nOut(512).build())
 *         .layer(new FusedOutputLayer.Builder(new CrossEntropyLoss()).nOut(50_000).build())
 *         .setInputType(InputType.feedForward(100))
 *         .build();
 * }</pre>
 *
 * <p>Reference: Wijmans et al., Cut Your Losses in Large-Vocabulary Language Models, 2024; the fused linear cross entropy of
 * Hsu et al., Liger Kernel, 2024.
 *
 * @since 0.1.0
 */
public final class FusedOutputLayer extends OutputLayer implements Chunked {
    private static final long serialVersionUID = 1L;

    /** The number of examples in a chunk; 0: the layer chooses. */
    private long chunk;

    /** DL4J's JSON reader calls it. */
    FusedOutputLayer() {}

    /**
     * A fused layer with all settings of a layer of DL4J's.
     *
     * @param layer stays as it is; its loss must be of this library
     * @return a new layer, which chooses its chunks
     * @throws IllegalArgumentException if the loss is not of this library
     */
    public static FusedOutputLayer of(OutputLayer layer) {
        FusedOutputLayer fused = new FusedOutputLayer();
        OutputSettings.copy((BaseOutputLayer) layer.clone(), fused);
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
                new FusedOutput(conf, networkDataType),
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
        return other instanceof FusedOutputLayer && super.equals(other) && chunk == ((FusedOutputLayer) other).chunk;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FusedOutputLayer;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), chunk);
    }

    @Override
    public String toString() {
        return "FusedOutputLayer(super=" + super.toString() + ", chunk=" + chunk + ")";
    }

    /**
     * Builds a {@link FusedOutputLayer}, with a softmax unless told otherwise.
     *
     * @since 0.1.0
     */
    @SuppressWarnings("unchecked") // the framework's build() gives whatever is asked for
    public static final class Builder extends FusedBuilder<Builder> {
        /**
         * With a loss of this library.
         *
         * @param loss its {@code miniBatch} must be set as in the network's configuration
         */
        public Builder(TorchLoss loss) {
            super(loss);
        }

        @Override
        public FusedOutputLayer build() {
            FusedOutputLayer layer = new FusedOutputLayer();
            passOnTo(layer);
            return layer;
        }
    }
}
