/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.plain;

import io.github.dl4jlosses.ActivationLogSoftmax;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TorchLoss;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** What stands between the pre-output of a layer and the input of torch's function. */
public enum PlainHead {
    /** Nothing. */
    IDENTITY {
        @Override
        IActivation inDl4j() {
            return new ActivationIdentity();
        }

        @Override
        double[] of(double[] z) {
            return z.clone();
        }

        @Override
        double[] back(double[] z, double[] output, double[] gradient) {
            return gradient.clone();
        }
    },
    /** softmax. */
    SOFTMAX {
        @Override
        IActivation inDl4j() {
            return new ActivationSoftmax();
        }

        @Override
        double[] of(double[] z) {
            double[] p = logSoftmax(z);
            for (int c = 0; c < p.length; c++) {
                p[c] = Math.exp(p[c]);
            }
            return p;
        }

        @Override
        double[] back(double[] z, double[] output, double[] gradient) {
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
    LOG_SOFTMAX {
        @Override
        IActivation inDl4j() {
            return new ActivationLogSoftmax();
        }

        @Override
        double[] of(double[] z) {
            return logSoftmax(z);
        }

        @Override
        double[] back(double[] z, double[] output, double[] gradient) {
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
    SIGMOID {
        @Override
        IActivation inDl4j() {
            return new ActivationSigmoid();
        }

        @Override
        double[] of(double[] z) {
            double[] p = new double[z.length];
            for (int c = 0; c < p.length; c++) {
                p[c] = 1 / (1 + Math.exp(-z[c]));
            }
            return p;
        }

        @Override
        double[] back(double[] z, double[] output, double[] gradient) {
            double[] through = new double[z.length];
            for (int c = 0; c < z.length; c++) {
                through[c] = gradient[c] * (output[c] * (1 - output[c]));
            }
            return through;
        }
    },
    /** Hyperbolic tangent, which no loss sees through. */
    TANH {
        @Override
        IActivation inDl4j() {
            return new ActivationTanH();
        }

        @Override
        double[] of(double[] z) {
            double[] p = new double[z.length];
            for (int c = 0; c < p.length; c++) {
                p[c] = Math.tanh(z[c]);
            }
            return p;
        }

        @Override
        double[] back(double[] z, double[] output, double[] gradient) {
            double[] through = new double[z.length];
            for (int c = 0; c < z.length; c++) {
                through[c] = gradient[c] * (1 - output[c] * output[c]);
            }
            return through;
        }
    };

    /** What really stands between pre-output and loss: a loss sees through the activations that belong to it. */
    @SuppressWarnings("PatternMatchingInstanceof") // the library is tested on Java 11, too
    PlainHead seenBy(TorchLoss loss) {
        boolean softmax = this == SOFTMAX || this == LOG_SOFTMAX;
        if ((loss instanceof CrossEntropyLoss && softmax) || (loss instanceof BCEWithLogitsLoss && this == SIGMOID)) {
            return IDENTITY;
        }
        return softmax && (loss instanceof NLLLoss || loss instanceof KLDivLoss) ? LOG_SOFTMAX : this;
    }

    /** Whether a loss computes this and itself in one: without rounding in between, for numbers of any size. */
    @SuppressWarnings("PatternMatchingInstanceof")
    boolean isFusedInto(TorchLoss loss) {
        PlainHead seen = seenBy(loss);
        return seen == IDENTITY || (seen == LOG_SOFTMAX && (loss instanceof NLLLoss || loss instanceof KLDivLoss));
    }

    /** The activation of the layer. */
    abstract IActivation inDl4j();

    abstract double[] of(double[] z);

    abstract double[] back(double[] z, double[] output, double[] gradient);

    /** x - max - log sum exp(x - max). */
    static double[] logSoftmax(double[] x) {
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
