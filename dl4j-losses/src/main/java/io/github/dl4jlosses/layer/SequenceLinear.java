/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A linear map of the channels of each step of a sequence, torch's {@code nn.Linear} on (N, T, C). In DL4J this takes a
 * DenseLayer between two preprocessors or in {@code TimeDistributed}, which sets masked outputs to 0; torch does not.
 *
 * <p>Formula: y = weight x + bias for each step, then the layer's activation.
 *
 * <p>Shapes: (N, nIn, T) to (N, nOut, T), or (N, nIn) to (N, nOut); (N, T, nIn) in the format NWC. The weight is torch's,
 * (nOut, nIn).
 *
 * <p>Options: {@code hasBias}, torch's {@code bias}, true; {@code activation}, none by default. A features mask changes
 * nothing, because each step is mapped by itself.
 *
 * <pre>{@code
 * new SequenceLinear.Builder().nIn(16).nOut(64).activation(new TorchGELU()).build();
 * }</pre>
 *
 * <p>Reference: torch.nn.Linear, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class SequenceLinear extends SequenceLayer {
    private static final long serialVersionUID = 1L;

    static final String WEIGHT = "weight";
    static final String BIAS = "bias";

    /** Whether there is a bias. */
    private boolean hasBias = true;

    /** DL4J's JSON reader calls it. */
    SequenceLinear() {}

    private SequenceLinear(Builder builder) {
        super(builder);
        this.hasBias = builder.hasBias;
        initializeConstraints(builder);
    }

    @Override
    List<LayerParameter> parameters() {
        LayerParameter weight = LayerParameter.weight(WEIGHT, getNIn(), getNOut(), getNOut(), getNIn());
        return hasBias ? List.of(weight, LayerParameter.bias(BIAS, getNOut())) : List.of(weight);
    }

    @Override
    SequenceRuntime<?> runtime(NeuralNetConfiguration conf, DataType networkDataType) {
        return new SequenceLinearRuntime(conf, networkDataType);
    }

    /**
     * Whether there is a bias.
     *
     * @return torch's {@code bias}
     */
    public boolean isHasBias() {
        return hasBias;
    }

    /**
     * Sets whether there is a bias, as a saved model has it.
     *
     * @param hasBias torch's {@code bias}
     */
    public void setHasBias(boolean hasBias) {
        this.hasBias = hasBias;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && hasBias == ((SequenceLinear) other).hasBias;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), hasBias);
    }

    /**
     * Builds a {@link SequenceLinear}.
     *
     * @since 0.1.0
     */
    @SuppressWarnings("unchecked") // the framework's build() gives whatever is asked for
    public static final class Builder extends SequenceLayer.Builder<Builder> {
        private boolean hasBias = true;

        /** With a bias and without an activation. */
        public Builder() {}

        /**
         * Whether there is a bias.
         *
         * @param hasBias true by default
         * @return this builder
         */
        public Builder hasBias(boolean hasBias) {
            this.hasBias = hasBias;
            return this;
        }

        @Override
        public SequenceLinear build() {
            return new SequenceLinear(this);
        }
    }
}
