/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** What an output x says of a variance v: for each, v at least eps, its logarithm, and dv/dx over it. */
public enum VarianceForm {
    /** v = x. */
    GIVEN {
        @Override
        void read(double[] x, int from, int n, double eps, GaussianRun run) {
            for (int i = 0; i < n; i++) {
                run.putVariance(i, atLeast(eps, x[from + i]), 1);
            }
        }
    },
    /** v = exp(x): its logarithm is x itself, and dv/dx is v. */
    EXPONENTIAL {
        @Override
        void read(double[] x, int from, int n, double eps, GaussianRun run) {
            // NaN where eps is no bound: nothing is below it then
            double smallest = Math.log(eps);
            for (int i = 0; i < n; i++) {
                double exponent = x[from + i];
                if (exponent < smallest) {
                    run.putVariance(i, eps, Math.exp(exponent));
                } else {
                    run.putLogarithm(i, exponent);
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
        void read(double[] x, int from, int n, double eps, GaussianRun run) {
            for (int i = 0; i < n; i++) {
                double raw = x[from + i];
                if (raw > THRESHOLD) {
                    run.putVariance(i, atLeast(eps, raw), 1);
                    continue;
                }
                double e = Math.exp(raw);
                double variance = Math.log1p(e);
                if (raw < SMALL && !(variance < eps)) {
                    run.putLogarithm(i, raw);
                } else {
                    run.putVariance(i, atLeast(eps, variance), e / (1 + e));
                }
            }
        }
    };

    /**
     * Reads the outputs of variances.
     *
     * @param x the outputs, from {@code from} on
     * @param n how many
     * @param eps the smallest variance; no bound where it is negative or NaN
     * @param run where the variances go
     */
    abstract void read(double[] x, int from, int n, double eps, GaussianRun run);

    /** torch's clamp: NaN stays, and a NaN is no bound. */
    private static double atLeast(double eps, double variance) {
        return variance < eps ? eps : variance;
    }
}
