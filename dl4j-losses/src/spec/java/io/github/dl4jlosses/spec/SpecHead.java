/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.spec.plain.PlainCrossEntropy;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** What stands between the pre-output of a layer and the input of torch's function. */
public enum SpecHead {
    /** Nothing. */
    IDENTITY("z", ActivationIdentity::new) {
        @Override
        public double[] of(double[] z) {
            return z.clone();
        }

        @Override
        public double[] back(double[] z, double[] output, double[] gradient) {
            return gradient.clone();
        }
    },
    /** softmax. */
    SOFTMAX("torch.softmax(z, 1)", ActivationSoftmax::new) {
        @Override
        public double[] of(double[] z) {
            return Arrays.stream(PlainCrossEntropy.logSoftmax(z)).map(Math::exp).toArray();
        }

        @Override
        public double[] back(double[] z, double[] output, double[] gradient) {
            double[] through = new double[z.length];
            for (int c = 0; c < z.length; c++) {
                for (int k = 0; k < z.length; k++) {
                    through[c] += output[c] * output[k] * (gradient[c] - gradient[k]);
                }
            }
            return through;
        }
    },
    /** log of softmax. */
    LOG_SOFTMAX("torch.log_softmax(z, 1)", ActivationLogSoftmax::new) {
        @Override
        public double[] of(double[] z) {
            return PlainCrossEntropy.logSoftmax(z);
        }

        @Override
        public double[] back(double[] z, double[] output, double[] gradient) {
            double sum = sum(gradient);
            return each(output, c -> gradient[c] - Math.exp(output[c]) * sum);
        }
    },
    /** Sigmoid. */
    SIGMOID("torch.sigmoid(z)", ActivationSigmoid::new) {
        @Override
        public double[] of(double[] z) {
            return Arrays.stream(z).map(x -> 1 / (1 + Math.exp(-x))).toArray();
        }

        @Override
        public double[] back(double[] z, double[] output, double[] gradient) {
            return each(output, c -> gradient[c] * (output[c] * (1 - output[c])));
        }
    },
    /** Hyperbolic tangent, which no loss sees through. */
    TANH("torch.tanh(z)", ActivationTanH::new) {
        @Override
        public double[] of(double[] z) {
            return Arrays.stream(z).map(Math::tanh).toArray();
        }

        @Override
        public double[] back(double[] z, double[] output, double[] gradient) {
            return each(output, c -> gradient[c] * (1 - output[c] * output[c]));
        }
    };

    private final String inTorch;

    @SuppressWarnings("ImmutableEnumChecker") // without state
    private final Supplier<IActivation> inDl4j;

    SpecHead(String inTorch, Supplier<IActivation> inDl4j) {
        this.inTorch = inTorch;
        this.inDl4j = inDl4j;
    }

    /** What a PyTorch user writes for it, over the pre-output {@code z}. */
    public String inTorch() {
        return inTorch;
    }

    /** Whether the outputs of a row depend on each other, so that they cannot be masked individually. */
    public boolean couplesOutputs() {
        return this == SOFTMAX || this == LOG_SOFTMAX;
    }

    /** Whether its outputs lie from 0 to 1, if those of the pre-output do. */
    public boolean givesProbabilities() {
        return this == IDENTITY || this == SOFTMAX || this == SIGMOID;
    }

    /** A new activation of the layer. */
    public IActivation inDl4j() {
        return inDl4j.get();
    }

    /** What it makes of a row of the pre-output. */
    public abstract double[] of(double[] z);

    /** The gradient with respect to the pre-output, given its output and the gradient with respect to that. */
    public abstract double[] back(double[] z, double[] output, double[] gradient);

    private static double[] each(double[] row, IntToDoubleFunction number) {
        return IntStream.range(0, row.length).mapToDouble(number).toArray();
    }

    /** In their order, as a stream's sum is not. */
    private static double sum(double... numbers) {
        return Arrays.stream(numbers).reduce(0, Double::sum);
    }
}
