/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import io.github.dl4jlosses.TorchLoss;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The common options of the builders of fused layers.
 *
 * @param <T> the builder
 */
abstract class FusedBuilder<T extends FusedBuilder<T>> extends BaseOutputLayer.Builder<T> {
    private long chunk;

    FusedBuilder(TorchLoss loss) {
        super(loss);
        setActivationFn(new ActivationSoftmax());
    }

    /**
     * The number of examples in a chunk, with all their time steps. A smaller chunk takes less memory and more time.
     *
     * @param examples at least 1; if not set, the layer chooses. A batch with no more examples than this is one chunk
     * @return this builder
     * @throws IllegalArgumentException if {@code examples} is below 1
     */
    @SuppressWarnings("unchecked") // as in the framework's builders
    public T chunk(long examples) {
        if (examples < 1) {
            throw new IllegalArgumentException("chunk must be at least 1 example, got " + examples);
        }
        this.chunk = examples;
        return (T) this;
    }

    /** Passes the settings of this builder on to a new layer. */
    final <L extends BaseOutputLayer & Chunked> void passOnTo(L layer) {
        OutputSettings.copy(new Built(this), layer);
        TorchLoss loss = (TorchLoss) layer.getLossFn();
        if (chunk > 0 && loss.hasLossPerSequence()) {
            throw new IllegalArgumentException(
                    "chunk cannot be set for " + loss.name() + ", which takes whole sequences; leave it out");
        }
        layer.setChunk(chunk);
    }

    /**
     * A builder that DL4J's constructors accept: fused layers extend DL4J's, whose constructors take only DL4J's
     * builders.
     */
    private static final class Built extends BaseOutputLayer {
        private static final long serialVersionUID = 1L;

        Built(BaseOutputLayer.Builder<?> builder) {
            super(builder);
            initializeConstraints(builder);
        }

        @Override
        public Layer instantiate(
                NeuralNetConfiguration conf,
                Collection<TrainingListener> trainingListeners,
                int layerIndex,
                INDArray layerParamsView,
                boolean initializeParams,
                DataType networkDataType) {
            throw new UnsupportedOperationException("only its settings are used");
        }

        @Override
        public ParamInitializer initializer() {
            return DefaultParamInitializer.getInstance();
        }
    }
}
