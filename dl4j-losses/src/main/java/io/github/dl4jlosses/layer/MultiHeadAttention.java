/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Self-attention of several heads with biases, torch's {@code nn.MultiheadAttention(E, heads, batch_first=True)} of a sequence
 * with itself; DL4J's {@code SelfAttentionLayer} has no biases.
 *
 * <p>Formula: q, k and v are the three parts of {@code inProjWeight} x + {@code inProjBias}, each split into heads of
 * E / heads channels; a head gives softmax(q kᵀ / √(E / heads)) v; the output is {@code outProjWeight} times the heads side by
 * side, plus {@code outProjBias}.
 *
 * <p>Shapes: (N, E, T) to (N, E, T), which is torch's (N, T, E); (N, T, E) in the format NWC. The parameters have torch's
 * shapes: (3E, E), (3E), (E, E), (E).
 *
 * <p>Options: {@code heads}, torch's {@code num_heads}; {@code hasBias}, torch's {@code bias}, true; {@code causal},
 * false: if true, a step sees only itself and earlier steps, torch's {@code attn_mask} of an upper triangle.
 *
 * <p>In a network: a features mask (N, T) is the inverse of torch's {@code key_padding_mask}: 1 for a real step and 0
 * for padding, which no step sees. Outputs at padding are computed as in torch. A sequence of padding only gives NaN,
 * as in torch. Attention weights have no dropout; {@code dropOut} of the layer applies to its input.
 *
 * <pre>{@code
 * new MultiHeadAttention.Builder(4).nIn(32).build(); // four heads of eight channels
 * }</pre>
 *
 * <p>Reference: torch.nn.MultiheadAttention, torch 2.7.1; Vaswani et al., Attention Is All You Need, 2017.
 *
 * @since 0.1.0
 */
public final class MultiHeadAttention extends EqualChannelsLayer {
    private static final long serialVersionUID = 1L;

    static final String IN_WEIGHT = "inProjWeight";
    static final String IN_BIAS = "inProjBias";
    static final String OUT_WEIGHT = "outProjWeight";
    static final String OUT_BIAS = "outProjBias";

    /** The number of parts into which the channels are split. */
    private int heads;
    /** Whether the projections have biases. */
    private boolean hasBias = true;
    /** Whether a step sees no later ones. */
    private boolean causal;

    /** DL4J's JSON reader calls it. */
    MultiHeadAttention() {}

    private MultiHeadAttention(Builder builder) {
        super(builder);
        this.heads = builder.heads;
        this.hasBias = builder.hasBias;
        this.causal = builder.causal;
        initializeConstraints(builder);
    }

    @Override
    List<LayerParameter> parameters() {
        long e = getNIn();
        List<LayerParameter> parameters = new ArrayList<>();
        parameters.add(LayerParameter.weight(IN_WEIGHT, e, e, 3 * e, e));
        parameters.add(LayerParameter.weight(OUT_WEIGHT, e, e, e, e));
        if (hasBias) {
            parameters.add(LayerParameter.bias(IN_BIAS, 3 * e));
            parameters.add(LayerParameter.bias(OUT_BIAS, e));
        }
        return parameters;
    }

    @Override
    SequenceRuntime<?> runtime(NeuralNetConfiguration conf, DataType networkDataType) {
        return new MultiHeadAttentionRuntime(conf, networkDataType);
    }

    @Override
    void requireValid(int layerIndex) {
        if (getNIn() % heads != 0) {
            throw new IllegalStateException(
                    "heads of MultiHeadAttention must divide its " + getNIn() + " channels, got " + heads
                            + " (layer name=\"" + getLayerName() + "\", layer index " + layerIndex + ")");
        }
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        if (!(inputType instanceof InputType.InputTypeRecurrent)) {
            throw new IllegalStateException("Invalid input type for MultiHeadAttention (layer name=\"" + getLayerName()
                    + "\"): Expected RNN input, got " + inputType);
        }
        super.setNIn(inputType, override);
    }

    /**
     * The number of heads.
     *
     * @return torch's {@code num_heads}
     */
    public int getHeads() {
        return heads;
    }

    /**
     * Sets the number of heads, as a saved model has it.
     *
     * @param heads a divisor of the number of channels
     */
    public void setHeads(int heads) {
        this.heads = heads;
    }

    /**
     * Whether there are biases.
     *
     * @return torch's {@code bias}
     */
    public boolean isHasBias() {
        return hasBias;
    }

    /**
     * Sets whether there are biases, as a saved model has it.
     *
     * @param hasBias torch's {@code bias}
     */
    public void setHasBias(boolean hasBias) {
        this.hasBias = hasBias;
    }

    /**
     * Whether a step sees only itself and earlier steps.
     *
     * @return false if it sees all steps
     */
    public boolean isCausal() {
        return causal;
    }

    /**
     * Sets whether a step sees only itself and earlier steps, as a saved model has it.
     *
     * @param causal false for all steps
     */
    public void setCausal(boolean causal) {
        this.causal = causal;
    }

    @Override
    public boolean equals(Object other) {
        if (!super.equals(other)) {
            return false;
        }
        MultiHeadAttention that = (MultiHeadAttention) other;
        return heads == that.heads && hasBias == that.hasBias && causal == that.causal;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), heads, hasBias, causal);
    }

    /**
     * Builds a {@link MultiHeadAttention}. The number of channels comes from the input type, or from {@code nIn} or
     * {@code nOut}.
     *
     * @since 0.1.0
     */
    @SuppressWarnings("unchecked") // the framework's build() gives whatever is asked for
    public static final class Builder extends SequenceLayer.Builder<Builder> {
        private final int heads;
        private boolean hasBias = true;
        private boolean causal;

        /**
         * With biases, each step seeing all.
         *
         * @param heads torch's {@code num_heads}, a divisor of the number of channels
         * @throws IllegalArgumentException if {@code heads} is not positive
         */
        public Builder(int heads) {
            if (heads <= 0) {
                throw new IllegalArgumentException("heads must be positive, got " + heads);
            }
            this.heads = heads;
        }

        /**
         * Whether there are biases.
         *
         * @param hasBias true by default
         * @return this builder
         */
        public Builder hasBias(boolean hasBias) {
            this.hasBias = hasBias;
            return this;
        }

        /**
         * Whether a step sees only itself and earlier steps.
         *
         * @param causal false by default
         * @return this builder
         */
        public Builder causal(boolean causal) {
            this.causal = causal;
            return this;
        }

        @Override
        public MultiHeadAttention build() {
            return new MultiHeadAttention(this);
        }
    }
}
