/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Normalises the channels of each example, or of each step of a sequence, torch's {@code nn.LayerNorm(C)}.
 *
 * <p>Formula: y_c = (x_c - mean(x)) / √(var(x) + eps) weight_c + bias_c, where mean and variance are those of the C channels,
 * the variance divided by C.
 *
 * <p>Shapes: (N, C), or a sequence (N, C, T), which is torch's (N, T, C); (N, T, C) in the format NWC. The output has the
 * shape of the input. An image (N, C, H, W) is flattened first, so the layer is then {@code nn.LayerNorm([C, H, W])}.
 *
 * <p>Options: {@code eps}, torch's, 1e-5; {@code affine}, torch's {@code elementwise_affine}, true; {@code hasBias}, torch's
 * {@code bias}, true. Weights begin at 1, biases at the layer's {@code biasInit}, 0.
 *
 * <p>In a network: a features mask changes nothing, because each step is normalised by itself. The configuration's
 * weight decay applies to weight and bias, as torch's does by default; DL4J's BatchNormalization never decays its own.
 * To switch it off, make the layer a parameter group: {@code configureLayer} of an updater without weight decay.
 *
 * <pre>{@code
 * new NeuralNetConfiguration.Builder().list()
 *         .layer(new LSTM.Builder().nOut(64).activation(Activation.TANH).build())
 *         .layer(new LayerNorm.Builder().build())
 *         ..
 *         .setInputType(InputType.recurrent(8))
 * }</pre>
 *
 * <p>Reference: torch.nn.LayerNorm, torch 2.7.1; Ba, Kiros and Hinton, Layer Normalization, 2016.
 *
 * @since 0.1.0
 */
public final class LayerNorm extends EqualChannelsLayer {
    private static final long serialVersionUID = 1L;

    static final String WEIGHT = "weight";
    static final String BIAS = "bias";

    /** The number added to the variance. */
    private double eps = 1e-5;
    /** Whether there is a weight for each feature. */
    private boolean affine = true;
    /** Whether there is a bias for each feature. */
    private boolean hasBias = true;

    /** DL4J's JSON reader calls it. */
    LayerNorm() {}

    private LayerNorm(Builder builder) {
        super(builder);
        this.eps = builder.eps;
        this.affine = builder.affine;
        this.hasBias = builder.hasBias;
        initializeConstraints(builder);
    }

    @Override
    List<LayerParameter> parameters() {
        if (!affine) {
            return List.of();
        }
        LayerParameter weight = LayerParameter.gain(WEIGHT, getNIn());
        return hasBias ? List.of(weight, LayerParameter.bias(BIAS, getNIn())) : List.of(weight);
    }

    @Override
    SequenceRuntime<?> runtime(NeuralNetConfiguration conf, DataType networkDataType) {
        return new LayerNormRuntime(conf, networkDataType);
    }

    /**
     * The number added to the variance.
     *
     * @return torch's {@code eps}
     */
    public double getEps() {
        return eps;
    }

    /**
     * Sets the number added to the variance, as a saved model has it.
     *
     * @param eps 0 or more
     */
    public void setEps(double eps) {
        this.eps = eps;
    }

    /**
     * Whether there are parameters.
     *
     * @return torch's {@code elementwise_affine}
     */
    public boolean isAffine() {
        return affine;
    }

    /**
     * Sets whether there are parameters, as a saved model has it.
     *
     * @param affine torch's {@code elementwise_affine}
     */
    public void setAffine(boolean affine) {
        this.affine = affine;
    }

    /**
     * Whether there is a bias as well as a weight.
     *
     * @return torch's {@code bias}
     */
    public boolean isHasBias() {
        return hasBias;
    }

    /**
     * Sets whether there is a bias as well as a weight, as a saved model has it.
     *
     * @param hasBias torch's {@code bias}
     */
    public void setHasBias(boolean hasBias) {
        this.hasBias = hasBias;
    }

    @Override
    public boolean equals(Object other) {
        if (!super.equals(other)) {
            return false;
        }
        LayerNorm that = (LayerNorm) other;
        return Double.compare(eps, that.eps) == 0 && affine == that.affine && hasBias == that.hasBias;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), eps, affine, hasBias);
    }

    /**
     * Builds a {@link LayerNorm}, with torch's defaults unless told otherwise. The number of channels comes from the input
     * type, or from {@code nIn} or {@code nOut}.
     *
     * @since 0.1.0
     */
    @SuppressWarnings("unchecked") // the framework's build() gives whatever is asked for
    public static final class Builder extends SequenceLayer.Builder<Builder> {
        private double eps = 1e-5;
        private boolean affine = true;
        private boolean hasBias = true;

        /** With torch's defaults. */
        public Builder() {}

        /**
         * The number added to the variance.
         *
         * @param eps 0 or more; 1e-5 by default
         * @return this builder
         * @throws IllegalArgumentException if {@code eps} is negative or not finite
         */
        public Builder eps(double eps) {
            if (!(eps >= 0 && eps < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("eps must be finite and at least 0, got " + eps);
            }
            this.eps = eps;
            return this;
        }

        /**
         * Whether there are parameters.
         *
         * @param affine true by default
         * @return this builder
         */
        public Builder affine(boolean affine) {
            this.affine = affine;
            return this;
        }

        /**
         * Whether there is a bias as well as a weight.
         *
         * @param hasBias true by default
         * @return this builder
         */
        public Builder hasBias(boolean hasBias) {
            this.hasBias = hasBias;
            return this;
        }

        @Override
        public LayerNorm build() {
            return new LayerNorm(this);
        }
    }
}
