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

    /** -logit(p) = log(1-p) - log(p), near 1/2 as log1p((1-2p)/p), whose numerator is exact there. */
    @Override
    double targetGradient(double p, double y, int output, double factor) {
        return factor * (p > 0.25 && p < 0.75 ? Math.log1p((1 - 2 * p) / p) : Math.log1p(-p) - Math.log(p));
    }

    @Override
    void run(Run run, double scale, Workspace workspace) {
        if (run.gradient != null) {
            gradients(run.x, run.y, run.gradient, run.padded, scale);
        }
        if (run.wantsLoss) {
            losses(run, workspace);
        }
    }

    private static void losses(Run run, Workspace workspace) {
        int n = run.padded;
        double[] log = workspace.c;
        double[] complement = workspace.d;
        double[] lost = workspace.f;
        // the logarithm of anything smaller is clamped anyway
        atLeastNormal(run.x, log, n);
        complements(run.x, complement, lost, n);
        workspace.logarithm.of(log, log, run.n);
        workspace.logarithm.of(complement, complement, run.n);
        losses(run.y, log, complement, lost, run.loss, n);
    }

    /** u = 1 - p, and the part of p lost in it, divided by u. */
    private static void complements(double[] p, double[] complement, double[] lost, int n) {
        for (int i = 0; i < n; i++) {
            double u = 1 - p[i];
            double divisor = Math.max(u, Double.MIN_NORMAL);
            lost[i] = ((1 - u) - p[i]) / divisor;
            complement[i] = divisor;
        }
    }

    private static void losses(double[] y, double[] log, double[] complement, double[] lost, double[] loss, int n) {
        for (int i = 0; i < n; i++) {
            double ofOther = Math.max(complement[i] + lost[i], SMALLEST_LOG);
            loss[i] = (y[i] - 1) * ofOther - y[i] * Math.max(log[i], SMALLEST_LOG);
        }
    }

    void gradients(double[] p, double[] y, double[] gradient, int n, double scale) {
        for (int i = 0; i < n; i++) {
            gradient[i] = (p[i] - y[i]) / Math.max((1 - p[i]) * p[i], EPSILON) * scale;
        }
    }

    /**
     * Torch's sigmoid followed by binary cross entropy: the probability is rounded to the network's dtype before the
     * logarithm, so it saturates, and the gradient goes back through p (1 - p).
     */
    public static final class OfSigmoid extends BinaryCrossEntropyKernel {
        private final DataType type;
        private final Formula lossOfOne = this::loss;
        private final Formula gradientOfOne = this::gradient;

        /**
         * @param weight one number per output, one number for all, or null
         * @param type the dtype in which torch would hold the probabilities
         */
        public OfSigmoid(double[] weight, DataType type) {
            super(weight);
            this.type = type;
        }

        @Override
        void run(Run run, double scale, Workspace workspace) {
            if (toProbabilities(run.x, run.n, run.padded, workspace)) {
                super.run(run, scale, workspace);
            } else {
                runOneByOne(run, scale, lossOfOne, gradientOfOne);
            }
        }

        /** Replaces logits by their probabilities; false if scalar formulas are needed. */
        private boolean toProbabilities(double[] x, int n, int padded, Workspace workspace) {
            if (type != DataType.DOUBLE && type != DataType.FLOAT) {
                for (int i = 0; i < n; i++) {
                    x[i] = probability(x[i]);
                }
                return true;
            }
            double[] e = workspace.d;
            negate(x, e, padded);
            workspace.exponential.ofModerate(e, e, n);
            if (Double.isNaN(workspace.sum.of(e, 0, n))) {
                return false;
            }
            if (type == DataType.DOUBLE) {
                ofExponentials(e, x, padded);
            } else {
                ofFloatExponentials(e, x, workspace.floats, padded);
            }
            return true;
        }

        private static void negate(double[] x, double[] result, int n) {
            for (int i = 0; i < n; i++) {
                result[i] = -x[i];
            }
        }

        private static void ofExponentials(double[] e, double[] p, int n) {
            for (int i = 0; i < n; i++) {
                p[i] = 1 / (1 + e[i]);
            }
        }

        /**
         * The same as {@link Sigmoid#inFloat}, each step rounded. Conversions need loops of their own, or nothing is
         * vectorised.
         */
        private static void ofFloatExponentials(double[] e, double[] p, float[] floats, int n) {
            for (int i = 0; i < n; i++) {
                floats[i] = (float) e[i];
            }
            for (int i = 0; i < n; i++) {
                floats[i] = 1 / (1 + floats[i]);
            }
            for (int i = 0; i < n; i++) {
                p[i] = floats[i];
            }
        }

        @Override
        void gradients(double[] p, double[] y, double[] gradient, int n, double scale) {
            for (int i = 0; i < n; i++) {
                double slope = (1 - p[i]) * p[i];
                gradient[i] = (p[i] - y[i]) * (slope / Math.max(slope, EPSILON)) * scale;
            }
        }

        private double probability(double logit) {
            // torch computes the half types' sigmoid in float32 as well
            return type == DataType.DOUBLE ? Sigmoid.inDouble(logit) : Precision.round(Sigmoid.inFloat(logit), type);
        }

        private double loss(double logit, double y, int output) {
            double p = probability(logit);
            return (y - 1) * Math.max(logOneMinus(p), SMALLEST_LOG) - y * Math.max(Math.log(p), SMALLEST_LOG);
        }

        /** log1p(-p), by the logarithm that the JIT compiler replaces by fast instructions. */
        private static double logOneMinus(double p) {
            double u = 1 - p;
            return u == 0 ? Double.NEGATIVE_INFINITY : Math.log(u) + ((1 - u) - p) / u;
        }

        private double gradient(double logit, double y, int output) {
            double p = probability(logit);
            double slope = (1 - p) * p;
            return (p - y) * (slope / Math.max(slope, EPSILON));
        }

        @Override
        double targetGradient(double logit, double y, int output, double factor) {
            return super.targetGradient(probability(logit), y, output, factor);
        }
    }
}
