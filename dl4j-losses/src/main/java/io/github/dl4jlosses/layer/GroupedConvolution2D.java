/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.util.ConvolutionUtils;
import org.deeplearning4j.util.ValidationUtils;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution of images in groups, torch's {@code nn.Conv2d(.., groups=G)}, which DL4J lacks. As many groups as
 * channels give a depthwise convolution, with nOut / nIn filters for each channel.
 *
 * <p>Formula: the nIn input channels and the nOut output channels are split into G equal parts; each part of the output
 * is the convolution of the same part of the input.
 *
 * <p>Shapes: (N, nIn, H, W) to (N, nOut, H', W'), or NHWC as the input type says. The weight {@code W} is torch's,
 * (nOut, nIn / G, kH, kW), the bias {@code b} is (nOut).
 *
 * <p>Options: {@code groups}, torch's, 1; kernel size, stride, padding, dilation, {@code hasBias} and {@code convolutionMode}
 * as in DL4J's ConvolutionLayer, whose mode Truncate, the default, is torch's; Same is torch's {@code padding='same'} for
 * a stride of 1. The activation is that of the configuration unless one is given, as in ConvolutionLayer.
 *
 * <pre>{@code
 * new GroupedConvolution2D.Builder(3, 3).nOut(64).padding(1, 1).groups(32).activation(Activation.RELU).build();
 * }</pre>
 *
 * <p>Reference: torch.nn.Conv2d, torch 2.7.1; Xie et al., Aggregated Residual Transformations (ResNeXt), 2017.
 *
 * @since 0.1.0
 */
public final class GroupedConvolution2D extends ConvolutionLayer {
    private static final long serialVersionUID = 1L;

    static final String WEIGHT = "W";
    static final String BIAS = "b";

    /** Parts that the channels are split into. */
    private int groups = 1;

    /** DL4J's JSON reader calls it. */
    GroupedConvolution2D() {}

    private GroupedConvolution2D(Builder builder) {
        super(builder);
        this.groups = builder.groups;
        this.cnn2dDataFormat = builder.dataFormat;
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
        if (getNIn() % groups != 0 || getNOut() % groups != 0) {
            throw new IllegalStateException("groups of GroupedConvolution2D must divide nIn and nOut, got " + groups
                    + " groups of " + getNIn() + " and " + getNOut() + " channels (layer name=\"" + getLayerName()
                    + "\", layer index " + layerIndex + ")");
        }
        return Instantiation.of(
                new GroupedConvolutionRuntime(conf, networkDataType),
                trainingListeners,
                layerIndex,
                layerParamsView,
                initializeParams);
    }

    @Override
    public ParamInitializer initializer() {
        long kernel = (long) getKernelSize()[0] * getKernelSize()[1];
        LayerParameter weight = LayerParameter.weight(
                WEIGHT,
                getNIn() / groups * kernel,
                getNOut() / groups * kernel,
                getNOut(),
                getNIn() / groups,
                getKernelSize()[0],
                getKernelSize()[1]);
        return new ParameterViews(hasBias() ? List.of(weight, LayerParameter.bias(BIAS, getNOut())) : List.of(weight));
    }

    @Override
    public GroupedConvolution2D clone() {
        return (GroupedConvolution2D) super.clone();
    }

    /**
     * The number of groups.
     *
     * @return torch's {@code groups}
     */
    public int getGroups() {
        return groups;
    }

    /**
     * Sets the number of groups, as a saved model has it.
     *
     * @param groups a divisor of the numbers of channels
     */
    public void setGroups(int groups) {
        this.groups = groups;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && groups == ((GroupedConvolution2D) other).groups;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof GroupedConvolution2D;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), groups);
    }

    /**
     * Builds a {@link GroupedConvolution2D}.
     *
     * @since 0.1.0
     */
    @SuppressWarnings("unchecked") // the framework's build() gives whatever is asked for
    public static final class Builder extends BaseConvBuilder<Builder> {
        private int groups = 1;
        private CNN2DFormat dataFormat = CNN2DFormat.NCHW;

        /**
         * With torch's defaults.
         *
         * @param kernelSize the height and width of the kernel
         */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * The number of groups.
         *
         * @param groups torch's {@code groups}, a divisor of the numbers of channels, 1 by default
         * @return this builder
         * @throws IllegalArgumentException if {@code groups} is not positive
         */
        public Builder groups(int groups) {
            if (groups <= 0) {
                throw new IllegalArgumentException("groups must be positive, got " + groups);
            }
            this.groups = groups;
            return this;
        }

        /**
         * The order of the dimensions of input and output.
         *
         * @param dataFormat NCHW by default; an input type overrides it
         * @return this builder
         */
        public Builder dataFormat(CNN2DFormat dataFormat) {
            this.dataFormat = dataFormat;
            return this;
        }

        @Override
        protected boolean allowCausal() {
            return false;
        }

        @Override
        public void setKernelSize(int[] kernelSize) {
            this.kernelSize = ValidationUtils.validate2NonNegative(kernelSize, false, "kernelSize");
        }

        @Override
        public void setStride(int[] stride) {
            this.stride = ValidationUtils.validate2NonNegative(stride, false, "stride");
        }

        @Override
        public void setPadding(int[] padding) {
            this.padding = ValidationUtils.validate2NonNegative(padding, false, "padding");
        }

        @Override
        public void setDilation(int[] dilation) {
            this.dilation = ValidationUtils.validate2NonNegative(dilation, false, "dilation");
        }

        @Override
        public GroupedConvolution2D build() {
            ConvolutionUtils.validateConvolutionModePadding(convolutionMode, padding);
            ConvolutionUtils.validateCnnKernelStridePadding(kernelSize, stride, padding);
            return new GroupedConvolution2D(this);
        }
    }
}
