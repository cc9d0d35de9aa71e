/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A ReLU whose slope below zero is learned, torch's {@code nn.PReLU}. DL4J's {@code PReLULayer} trains only while its
 * input has at most 64 times as many elements as there are slopes.
 *
 * <p>Formula: y = x for x &gt; 0, weight x otherwise; at 0 the gradient is weight, as in torch.
 *
 * <p>Shapes: (N, C), or (N, C, T), or (N, T, C) in the format NWC; the output has the input's shape. The weight is (1),
 * or (C) with {@code perChannel}; it begins as .25 and decays as weights do.
 *
 * <p>Options: {@code perChannel}, false: whether each channel has a slope of its own, torch's {@code num_parameters=C}.
 *
 * <pre>{@code
 * new TorchPReLU.Builder().perChannel(true).build();
 * }</pre>
 *
 * <p>Reference: torch.nn.PReLU, torch 2.7.1; He et al., Delving Deep into Rectifiers, 2015.
 *
 * @since 0.1.0
 */
public final class TorchPReLU extends EqualChannelsLayer {
    private static final long serialVersionUID = 1L;

    static final String WEIGHT = "weight";
    private static final double FIRST_SLOPE = .25;

    /** Whether each channel has a slope. */
    private boolean perChannel;

    /** DL4J's JSON reader calls it. */
    TorchPReLU() {}

    private TorchPReLU(Builder builder) {
        super(builder);
        this.perChannel = builder.perChannel;
        initializeConstraints(builder);
    }

    @Override
    List<LayerParameter> parameters() {
        return List.of(LayerParameter.filled(WEIGHT, perChannel ? getNIn() : 1, FIRST_SLOPE));
    }

    @Override
    SequenceRuntime<?> runtime(NeuralNetConfiguration conf, DataType networkDataType) {
        return new TorchPReLURuntime(conf, networkDataType);
    }

    /**
     * Whether each channel has a slope of its own.
     *
     * @return false if all channels share one slope
     */
    public boolean isPerChannel() {
        return perChannel;
    }

    /**
     * Sets whether each channel has a slope of its own, as a saved model has it.
     *
     * @param perChannel false if all channels share one slope
     */
    public void setPerChannel(boolean perChannel) {
        this.perChannel = perChannel;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && perChannel == ((TorchPReLU) other).perChannel;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), perChannel);
    }

    /**
     * Builds {@link TorchPReLU}. The number of channels comes from the input type, or from {@code nIn} or {@code nOut}.
     *
     * @since 0.1.0
     */
    @SuppressWarnings("unchecked") // the framework's build() gives whatever is asked for
    public static final class Builder extends SequenceLayer.Builder<Builder> {
        private boolean perChannel;

        /** With one slope for all channels. */
        public Builder() {}

        /**
         * Whether each channel has a slope of its own.
         *
         * @param perChannel false by default
         * @return this builder
         */
        public Builder perChannel(boolean perChannel) {
            this.perChannel = perChannel;
            return this;
        }

        @Override
        public TorchPReLU build() {
            return new TorchPReLU(this);
        }
    }
}
