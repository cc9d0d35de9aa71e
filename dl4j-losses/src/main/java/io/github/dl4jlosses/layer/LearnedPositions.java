/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Adds a learned vector to each step of a sequence, by its place: the position embedding of BERT and ViT, in torch {@code x +
 * position(torch.arange(T))} with an {@code nn.Embedding}, or {@code x + self.position} with an {@code nn.Parameter}.
 *
 * <p>Formula: y_t = x_t + weight_t.
 *
 * <p>Shapes: (N, C, T) to (N, C, T), which is torch's (N, T, C); (N, T, C) in the format NWC. The weight is (length, C)
 * as that of an {@code nn.Embedding}, or (1, length, C) with {@code leadingOne}, the usual form of an
 * {@code nn.Parameter}.
 *
 * <p>Options: {@code length}, the number of places, at least the number of steps; places after the last step are not
 * trained, but decay. {@code leadingOne}, false.
 *
 * <p>In a network: a features mask changes nothing.
 *
 * <pre>{@code
 * new LearnedPositions.Builder(128).nIn(32).build();
 * }</pre>
 *
 * <p>Reference: torch.nn.Embedding and addition, torch 2.7.1; Devlin et al., BERT, 2019.
 *
 * @since 0.1.0
 */
public final class LearnedPositions extends EqualChannelsLayer {
    private static final long serialVersionUID = 1L;

    static final String WEIGHT = "weight";

    /** The number of places. */
    private long length;
    /** Whether the weight has a first dimension of 1. */
    private boolean leadingOne;

    /** DL4J's JSON reader calls it. */
    LearnedPositions() {}

    private LearnedPositions(Builder builder) {
        super(builder);
        this.length = builder.length;
        this.leadingOne = builder.leadingOne;
        initializeConstraints(builder);
    }

    @Override
    List<LayerParameter> parameters() {
        long[] shape = leadingOne ? new long[] {1, length, getNIn()} : new long[] {length, getNIn()};
        return List.of(LayerParameter.weight(WEIGHT, length, getNIn(), shape));
    }

    @Override
    SequenceRuntime<?> runtime(NeuralNetConfiguration conf, DataType networkDataType) {
        return new LearnedPositionsRuntime(conf, networkDataType);
    }

    /**
     * The number of places.
     *
     * @return the rows of the weight
     */
    public long getLength() {
        return length;
    }

    /**
     * Sets the number of places, as a saved model has it.
     *
     * @param length positive
     */
    public void setLength(long length) {
        this.length = length;
    }

    /**
     * Whether the weight has a first dimension of 1.
     *
     * @return false for (length, C)
     */
    public boolean isLeadingOne() {
        return leadingOne;
    }

    /**
     * Sets whether the weight has a first dimension of 1, as a saved model has it.
     *
     * @param leadingOne false for (length, C)
     */
    public void setLeadingOne(boolean leadingOne) {
        this.leadingOne = leadingOne;
    }

    @Override
    public boolean equals(Object other) {
        if (!super.equals(other)) {
            return false;
        }
        LearnedPositions that = (LearnedPositions) other;
        return length == that.length && leadingOne == that.leadingOne;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), length, leadingOne);
    }

    /**
     * Builds {@link LearnedPositions}. The number of channels comes from the input type, or from {@code nIn} or {@code nOut}.
     *
     * @since 0.1.0
     */
    @SuppressWarnings("unchecked") // the framework's build() gives whatever is asked for
    public static final class Builder extends SequenceLayer.Builder<Builder> {
        private final long length;
        private boolean leadingOne;

        /**
         * With this number of places and a weight of (length, C).
         *
         * @param length how many places there are
         * @throws IllegalArgumentException if {@code length} is not positive
         */
        public Builder(long length) {
            if (length <= 0) {
                throw new IllegalArgumentException("length must be positive, got " + length);
            }
            this.length = length;
        }

        /**
         * Whether the weight has a first dimension of 1.
         *
         * @param leadingOne false by default
         * @return this builder
         */
        public Builder leadingOne(boolean leadingOne) {
            this.leadingOne = leadingOne;
            return this;
        }

        @Override
        public LearnedPositions build() {
            return new LearnedPositions(this);
        }
    }
}
