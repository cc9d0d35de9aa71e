/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/** What an output x says of a variance v: for each, v at least eps, its logarithm, and its growth, dv/dx over v. */
public enum VarianceForm {
    /** v = x. */
    GIVEN {
        @Override
        void read(GaussianRun run, double eps, int n) {
            for (int i = 0; i < n; i++) {
                double v = atLeast(eps, run.growth[i]);
                run.put(i, v, 1 / v);
            }
        }
    },
    /** v = exp(x): its logarithm is x itself, and dv/dx is v. */
    EXPONENTIAL {
        /** The vector loops' exponential takes more. */
        private static final double MODERATE = 170;

        @Override
        boolean isReadInVectors() {
            return true;
        }

        @Override
        boolean readAll(GaussianRun run, double eps, int n) {
            double[] raw = run.growth;
            double smallest = eps > 0 ? Math.max(Math.log(eps), -MODERATE) : -MODERATE;
            int padded = Workspace.padded(n, Workspace.CHUNK);
            outside(raw, smallest, MODERATE, run.variance, padded);
            if (run.workspace.sum.of(run.variance, 0, n) != 0) {
                return false;
            }
            run.workspace.exponential.ofModerate(raw, run.variance, n);
            if (run.wantsLoss) {
                System.arraycopy(raw, 0, run.logarithm, 0, n);
            }
            Arrays.fill(run.growth, 0, n, 1);
            return true;
        }

        @Override
        void read(GaussianRun run, double eps, int n) {
            // NaN where eps is no bound: nothing is below it then
            double smallest = Math.log(eps);
            for (int i = 0; i < n; i++) {
                double raw = run.growth[i];
                if (raw < smallest) {
                    run.put(i, eps, Math.exp(raw) / eps);
                } else {
                    run.putExponential(i, raw);
                }
            }
        }
    },
    /** v = log(1 + exp(x)), or x beyond torch's threshold, which is then the same to 9 digits; dv/dx = sigma(x). */
    SOFTPLUS {
        private static final double THRESHOLD = 20;
        /** Below it log(1 + e) is e in double. */
        private static final double SMALL = -37;

        @Override
        void read(GaussianRun run, double eps, int n) {
            for (int i = 0; i < n; i++) {
                double raw = run.growth[i];
                double e = Math.exp(raw);
                double v = raw > THRESHOLD ? raw : Math.log1p(e);
                if (v < eps) {
                    run.put(i, eps, raw > THRESHOLD ? 1 / eps : e / (1 + e) / eps);
                } else if (raw < SMALL) {
                    run.putExponential(i, raw);
                } else {
                    run.put(i, v, raw > THRESHOLD ? 1 / v : growth(e, v));
                }
            }
        }

        /** e / (1 + e) / v, with fused multiply-add rounded once: the gradient multiplies what else it has lost. */
        private double growth(double e, double v) {
            double total = 1 + e;
            double product = total * v;
            double growth = e / product;
            if (!FusedMultiplyAdd.IS_FAST) {
                return growth;
            }
            double lost = Math.min(e, 1) - (total - Math.max(e, 1));
            double lostOfProduct = Math.fma(total, v, -product) + lost * v;
            return growth + (Math.fma(-growth, product, e) - growth * lostOfProduct) / product;
        }
    };

    /**
     * Reads the outputs that stand in the place of the growths.
     *
     * @param run where the outputs are, and the variances go
     * @param eps the smallest variance; no bound where it is negative or NaN
     * @param n how many
     */
    abstract void read(GaussianRun run, double eps, int n);

    /** Whether {@link #readAll} takes any outputs. */
    boolean isReadInVectors() {
        return false;
    }

    /**
     * The same in vector loops.
     *
     * @param run where the outputs are, and the variances go
     * @param eps the smallest variance
     * @param n how many
     * @return whether it could: false where this form has none, or for outputs that they do not take
     */
    boolean readAll(GaussianRun run, double eps, int n) {
        return false;
    }

    /** Negative where an output is below a bound or NaN, or above one. */
    private static void outside(double[] raw, double from, double to, double[] outside, int n) {
        for (int i = 0; i < n; i++) {
            outside[i] = Math.min(Math.min(raw[i] - from, to - raw[i]), 0);
        }
    }

    /** torch's clamp: NaN stays, and a NaN is no bound. */
    private static double atLeast(double eps, double variance) {
        return variance < eps ? eps : variance;
    }
}
