/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import io.github.dl4jlosses.ActivationLogSoftmax;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** What stands between the pre-output of a layer and the input of torch's function. */
public enum SpecHead {
    /** Nothing. */
    IDENTITY("z") {
        @Override
        public IActivation inDl4j() {
            return new ActivationIdentity();
        }

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
    SOFTMAX("torch.softmax(z, 1)") {
        @Override
        public IActivation inDl4j() {
            return new ActivationSoftmax();
        }

        @Override
        public double[] of(double[] z) {
            double[] p = logSoftmax(z);
            for (int c = 0; c < p.length; c++) {
                p[c] = Math.exp(p[c]);
            }
            return p;
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
    LOG_SOFTMAX("torch.log_softmax(z, 1)") {
        @Override
        public IActivation inDl4j() {
            return new ActivationLogSoftmax();
        }

        @Override
        public double[] of(double[] z) {
            return logSoftmax(z);
        }

        @Override
        public double[] back(double[] z, double[] output, double[] gradient) {
            double sum = 0;
            for (double number : gradient) {
                sum += number;
            }
            double[] through = new double[z.length];
            for (int c = 0; c < z.length; c++) {
                through[c] = gradient[c] - Math.exp(output[c]) * sum;
            }
            return through;
        }
    },
    /** Sigmoid. */
    SIGMOID("torch.sigmoid(z)") {
        @Override
        public IActivation inDl4j() {
            return new ActivationSigmoid();
        }

        @Override
        public double[] of(double[] z) {
            double[] p = new double[z.length];
            for (int c = 0; c < p.length; c++) {
                p[c] = 1 / (1 + Math.exp(-z[c]));
            }
            return p;
        }

        @Override
        public double[] back(double[] z, double[] output, double[] gradient) {
            double[] through = new double[z.length];
            for (int c = 0; c < z.length; c++) {
                through[c] = gradient[c] * (output[c] * (1 - output[c]));
            }
            return through;
        }
    },
    /** Hyperbolic tangent, which no loss sees through. */
    TANH("torch.tanh(z)") {
        @Override
        public IActivation inDl4j() {
            return new ActivationTanH();
        }

        @Override
        public double[] of(double[] z) {
            double[] p = new double[z.length];
            for (int c = 0; c < p.length; c++) {
                p[c] = Math.tanh(z[c]);
            }
            return p;
        }

        @Override
        public double[] back(double[] z, double[] output, double[] gradient) {
            double[] through = new double[z.length];
            for (int c = 0; c < z.length; c++) {
                through[c] = gradient[c] * (1 - output[c] * output[c]);
            }
            return through;
        }
    };

    private final String inTorch;

    SpecHead(String inTorch) {
        this.inTorch = inTorch;
    }

    /** What a PyTorch user writes for it, over the pre-output {@code z}. */
    public String inTorch() {
        return inTorch;
    }

    /** Whether the outputs of a row depend on each other, so that they cannot be masked apart. */
    public boolean couplesOutputs() {
        return this == SOFTMAX || this == LOG_SOFTMAX;
    }

    /** Whether its outputs lie from 0 to 1, if those of the pre-output do. */
    public boolean givesProbabilities() {
        return this == IDENTITY || this == SOFTMAX || this == SIGMOID;
    }

    /** A new activation of the layer. */
    public abstract IActivation inDl4j();

    /** What it makes of a row of the pre-output. */
    public abstract double[] of(double[] z);

    /** The gradient with respect to the pre-output, given its output and the gradient with respect to that. */
    public abstract double[] back(double[] z, double[] output, double[] gradient);

    /** x - max - log sum exp(x - max). */
    public static double[] logSoftmax(double[] x) {
        double max = Double.NEGATIVE_INFINITY;
        for (double number : x) {
            max = Math.max(max, number);
        }
        double sum = 0;
        for (double number : x) {
            sum += Math.exp(number - max);
        }
        double[] result = new double[x.length];
        for (int c = 0; c < x.length; c++) {
            result[c] = x[c] - max - Math.log(sum);
        }
        return result;
    }
}
