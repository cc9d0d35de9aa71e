/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * DL4J's batch normalisation with weight decay for gamma and beta, as in torch's {@code nn.BatchNorm1d} to {@code 3d}:
 * DL4J excludes them from any regularization, torch's {@code weight_decay} includes them.
 *
 * <p>Formula, shapes and options are those of {@link BatchNormalization}; without regularization in the configuration
 * the two layers are the same. Gamma gets the regularization of weights, beta that of biases. For torch's running
 * variance add {@link io.github.dl4jlosses.updater.TorchBatchNormListener} to the network.
 *
 * <pre>{@code
 * new TorchBatchNormalization.Builder().nOut(16).build();
 * }</pre>
 *
 * <p>Reference: torch.nn.BatchNorm1d to 3d and torch.optim, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchBatchNormalization extends BatchNormalization {
    private static final long serialVersionUID = 1L;

    /** DL4J's JSON reader calls it. */
    TorchBatchNormalization() {}

    /** Copies the options one by one: DL4J's own constructor for builders is private. */
    private TorchBatchNormalization(BatchNormalization options) {
        setLayerName(options.getLayerName());
        setIDropout(options.getIDropout());
        setConstraints(options.getConstraints());
        setActivationFn(options.getActivationFn());
        setWeightInitFn(options.getWeightInitFn());
        setBiasInit(options.getBiasInit());
        setGainInit(options.getGainInit());
        setRegularization(options.getRegularization());
        setRegularizationBias(options.getRegularizationBias());
        setIUpdater(options.getIUpdater());
        setBiasUpdater(options.getBiasUpdater());
        setWeightNoise(options.getWeightNoise());
        setGradientNormalization(options.getGradientNormalization());
        setGradientNormalizationThreshold(options.getGradientNormalizationThreshold());
        setNIn(options.getNIn());
        setNOut(options.getNOut());
        setTimeDistributedFormat(options.getTimeDistributedFormat());
        setDecay(options.getDecay());
        setEps(options.getEps());
        setMinibatch(options.isMinibatch());
        setGamma(options.getGamma());
        setBeta(options.getBeta());
        setLockGammaBeta(options.isLockGammaBeta());
        setCudnnAllowFallback(options.isCudnnAllowFallback());
        setUseLogStd(options.isUseLogStd());
        setCnn2DFormat(options.getCnn2DFormat());
    }

    @Override
    public List<Regularization> getRegularizationByParam(String paramName) {
        switch (paramName) {
            case BatchNormalizationParamInitializer.GAMMA:
                return getRegularization();
            case BatchNormalizationParamInitializer.BETA:
                return getRegularizationBias();
            default:
                // in torch the statistics are no parameters of the optimizer
                return List.of();
        }
    }

    @Override
    public TorchBatchNormalization clone() {
        return (TorchBatchNormalization) super.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TorchBatchNormalization && super.equals(other);
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof TorchBatchNormalization;
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    /**
     * Builds a {@link TorchBatchNormalization}, with the options and defaults of DL4J's builder.
     *
     * @since 0.1.0
     */
    @SuppressWarnings("unchecked") // the framework's build() gives whatever is asked for
    public static final class Builder extends BatchNormalization.Builder {

        /** With DL4J's defaults, which are torch's. */
        public Builder() {}

        @Override
        public TorchBatchNormalization build() {
            return new TorchBatchNormalization(super.build());
        }
    }
}
