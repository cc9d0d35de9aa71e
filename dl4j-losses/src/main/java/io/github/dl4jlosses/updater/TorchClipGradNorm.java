/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Limits the norm of the whole gradient before each step, torch's {@code nn.utils.clip_grad_norm_}; DL4J's own clipping
 * treats each layer or parameter separately.
 *
 * <p>Formula: n is the norm of all gradients together, as if they were one vector; they are multiplied by min(1,
 * maxNorm / (n + 1e-6)). Gradients are those of torch's step: divided by the number of examples if the network has
 * {@code miniBatch(true)}. Weight decay comes later, as in torch. The statistics of batch normalisation, which DL4J
 * passes on as gradients, are left out. The bias of an LSTM or RNN counts twice, because torch has two with the same
 * gradient. Frozen layers have no gradient.
 *
 * <p>Defaults: {@code normType} 2, {@code errorIfNonfinite} false. {@code maxNorm} must be set.
 *
 * <pre>{@code
 * net.setListeners(TorchClipGradNorm.builder().maxNorm(1).build(), new TorchBatchNormListener());
 * }</pre>
 *
 * <p>Errors: {@code build()} throws {@link IllegalArgumentException}; with {@code errorIfNonfinite} a norm that is NaN
 * or infinite throws an {@link IllegalStateException}, otherwise it spreads to all gradients as in torch. One object
 * serves one network in one thread; put listeners that change gradients before it. Reference:
 * torch.nn.utils.clip_grad_norm_, torch 2.7.1.
 *
 * @since 0.1.0
 */
public final class TorchClipGradNorm extends BaseTrainingListener {
    /** The number that torch adds to the norm before it divides. */
    private static final double EPSILON = 1e-6;

    private final double maxNorm;
    private final double normType;
    private final boolean errorIfNonfinite;
    private double lastNorm = Double.NaN;

    private TorchClipGradNorm(double maxNorm, double normType, boolean errorIfNonfinite) {
        this.maxNorm = maxNorm;
        this.normType = normType;
        this.errorIfNonfinite = errorIfNonfinite;
    }

    /**
     * Starts a builder with torch's defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void onGradientCalculation(Model model) {
        Map<String, INDArray> gradients = gradients(model);
        if (gradients.isEmpty()) {
            return;
        }
        Map<String, Integer> counts = counts(model);
        boolean ofOneExample = !model.conf().isMiniBatch();
        lastNorm = norm(gradients, counts) / (ofOneExample ? 1 : model.batchSize());
        if (errorIfNonfinite && !Double.isFinite(lastNorm)) {
            throw new IllegalStateException("The total norm of order " + normType
                    + " for gradients from `parameters` is non-finite, so it cannot be clipped. (it is " + lastNorm
                    + ")");
        }
        double share = Math.min(1, maxNorm / (lastNorm + EPSILON));
        if (share != 1) {
            gradients.forEach((name, gradient) -> {
                if (counts.getOrDefault(name, 1) > 0) {
                    scale(gradient, share);
                }
            });
        }
    }

    private static void scale(INDArray gradient, double share) {
        if (Double.isNaN(share)) {
            gradient.assign(share); // muli(NaN) of ND4J leaves numbers
        } else {
            gradient.muli(share);
        }
    }

    /** The gradients by name; a frozen layer has names without gradients. */
    private static Map<String, INDArray> gradients(Model model) {
        Map<String, INDArray> gradients = new HashMap<>();
        if (LayersOfModel.of(model).length > 0) {
            model.gradient().gradientForVariable().forEach((name, gradient) -> {
                if (gradient != null) {
                    gradients.put(name, gradient);
                }
            });
        }
        return gradients;
    }

    /** How many of torch's parameters have a gradient, if not one. */
    private static Map<String, Integer> counts(Model model) {
        Map<String, Integer> counts = new HashMap<>();
        for (Layer layer : LayersOfModel.of(model)) {
            for (String parameter : layer.paramTable().keySet()) {
                String name = LayersOfModel.key(model, layer) + "_" + parameter;
                // statistics, which DL4J passes along with the gradients
                if (!layer.updaterDivideByMinibatch(parameter)) {
                    counts.put(name, 0);
                } else if (isOfTwoBiases(layer, parameter)) {
                    counts.put(name, 2);
                }
            }
        }
        return counts;
    }

    private static boolean isOfTwoBiases(Layer layer, String parameter) {
        org.deeplearning4j.nn.conf.layers.Layer configuration = layer.conf().getLayer();
        if (configuration instanceof Bidirectional) {
            return isRecurrent(((Bidirectional) configuration).getFwd())
                    && (parameter.equals("fb") || parameter.equals("bb"));
        }
        return isRecurrent(configuration) && parameter.equals("b");
    }

    private static boolean isRecurrent(org.deeplearning4j.nn.conf.layers.Layer configuration) {
        return configuration instanceof LSTM || configuration instanceof SimpleRnn;
    }

    private double norm(Map<String, INDArray> gradients, Map<String, Integer> counts) {
        boolean largest = Double.isInfinite(normType);
        double total = 0;
        for (Map.Entry<String, INDArray> gradient : gradients.entrySet()) {
            int count = counts.getOrDefault(gradient.getKey(), 1);
            if (count > 0) {
                double norm = norm(gradient.getValue());
                total = largest ? Math.max(total, norm) : total + count * Math.pow(norm, normType);
            }
        }
        return largest ? total : Math.pow(total, 1 / normType);
    }

    private double norm(INDArray gradient) {
        // sums of squares would soon exceed the range of float16
        boolean isHalf = gradient.dataType() == DataType.FLOAT16 || gradient.dataType() == DataType.BFLOAT16;
        INDArray values = isHalf ? gradient.castTo(DataType.FLOAT) : gradient;
        if (normType == 2) {
            return values.norm2Number().doubleValue();
        }
        INDArray sizes = Transforms.abs(values, true);
        return Double.isInfinite(normType)
                ? sizes.maxNumber().doubleValue()
                : Math.pow(Transforms.pow(sizes, normType, false).sumNumber().doubleValue(), 1 / normType);
    }

    /**
     * The norm of the last gradient before clipping, which torch's function returns.
     *
     * @return NaN before the first step
     */
    public double getLastNorm() {
        return lastNorm;
    }

    /**
     * Builds a {@link TorchClipGradNorm}.
     *
     * @since 0.1.0
     */
    public static final class Builder {
        private double maxNorm = Double.NaN;
        private double normType = 2;
        private boolean errorIfNonfinite;

        private Builder() {}

        /**
         * The largest norm that a gradient may have.
         *
         * @param maxNorm torch's {@code max_norm}; must be set
         * @return this builder
         */
        public Builder maxNorm(double maxNorm) {
            this.maxNorm = maxNorm;
            return this;
        }

        /**
         * The p of the p-norm.
         *
         * @param normType torch's {@code norm_type}, 2 by default; {@code Double.POSITIVE_INFINITY} for the largest element
         * @return this builder
         */
        public Builder normType(double normType) {
            this.normType = normType;
            return this;
        }

        /**
         * Whether a norm that is NaN or infinite is an error.
         *
         * @param errorIfNonfinite torch's {@code error_if_nonfinite}, false by default
         * @return this builder
         */
        public Builder errorIfNonfinite(boolean errorIfNonfinite) {
            this.errorIfNonfinite = errorIfNonfinite;
            return this;
        }

        /**
         * Checks the options.
         *
         * @return a listener for one network
         * @throws IllegalArgumentException if {@code maxNorm} is not set or negative, or {@code normType} is not above 0
         */
        public TorchClipGradNorm build() {
            UpdaterBuilder.require(maxNorm >= 0, "maxNorm must be set, to 0 or more, but is " + maxNorm);
            UpdaterBuilder.require(normType > 0, "normType must be above 0, but is " + normType);
            return new TorchClipGradNorm(maxNorm, normType, errorIfNonfinite);
        }
    }
}
