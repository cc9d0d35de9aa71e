/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import io.github.dl4jlosses.internal.memory.Precision;
import org.nd4j.linalg.api.buffer.DataType;

/** Binary cross entropy of probabilities, with torch's clamp of the logarithms at -100. */
public class BinaryCrossEntropyKernel extends ElementKernel {
    private static final double SMALLEST_LOG = -100;
    /** torch declares it as a float constant, whatever the dtype of the input. */
    private static final double EPSILON = 1e-12f;

    /** @param weight one number per output, one number for all, or null */
    public BinaryCrossEntropyKernel(double[] weight) {
        super(weight);
    }

    @Override
    double loss(double p, double y, int output) {
        return (y - 1) * Math.max(logOneMinus(p), SMALLEST_LOG) - y * Math.max(Math.log(p), SMALLEST_LOG);
    }

    /** log1p(-p) with the logarithm that the JIT compiler has an instruction sequence for. */
    private static double logOneMinus(double p) {
        double u = 1 - p;
        return u == 0 ? Double.NEGATIVE_INFINITY : Math.log(u) + ((1 - u) - p) / u;
    }

    @Override
    double gradient(double p, double y, int output) {
        return (p - y) / Math.max((1 - p) * p, EPSILON);
    }

    /** -logit(p) = log(1-p) - log(p), near 1/2 as log1p((1-2p)/p), whose numerator is exact there. */
    @Override
    double targetGradient(double p, double y, int output, double factor) {
        return factor * (p > 0.25 && p < 0.75 ? Math.log1p((1 - 2 * p) / p) : Math.log1p(-p) - Math.log(p));
    }

    @Override
    public int firstRefused(Tile tile) {
        int n = tile.classes;
        for (int r = 0; r < tile.rows; r++) {
            for (int i = r * n; i < r * n + n && !tile.skip[r]; i++) {
                if (!acceptsInput(tile.x[i]) || !isProbability(tile.y[i])) {
                    return i;
                }
            }
        }
        return -1;
    }

    @Override
    public boolean refusesTarget(double x, double y) {
        return acceptsInput(x);
    }

    boolean acceptsInput(double x) {
        return isProbability(x);
    }

    /** False outside [0, 1] and for NaN. */
    private static boolean isProbability(double value) {
        return value >= 0 && value <= 1;
    }

    /**
     * torch's composition of sigmoid and binary cross entropy: the probability is rounded to the network's dtype before
     * the logarithm, saturation included, and the gradient goes back through p (1 - p).
     */
    public static final class OfSigmoid extends BinaryCrossEntropyKernel {
        private final DataType type;

        /**
         * @param weight one number per output, one number for all, or null
         * @param type the dtype in which torch would hold the probabilities
         */
        public OfSigmoid(double[] weight, DataType type) {
            super(weight);
            this.type = type;
        }

        private double probability(double logit) {
            // torch computes the half types' sigmoid in float32 as well
            return type == DataType.DOUBLE ? Sigmoid.inDouble(logit) : Precision.round(Sigmoid.inFloat(logit), type);
        }

        @Override
        double loss(double logit, double y, int output) {
            return super.loss(probability(logit), y, output);
        }

        @Override
        double gradient(double logit, double y, int output) {
            double p = probability(logit);
            double slope = (1 - p) * p;
            return (p - y) * (slope / Math.max(slope, EPSILON));
        }

        @Override
        double targetGradient(double logit, double y, int output, double factor) {
            return super.targetGradient(probability(logit), y, output, factor);
        }

        @Override
        boolean acceptsInput(double logit) {
            return !Double.isNaN(logit);
        }
    }
}
