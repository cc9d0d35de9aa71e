/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * Kullback-Leibler divergence of log-probabilities x: l = t (log t - x), or exp(t) (t - x) for targets that are
 * logarithms themselves.
 *
 * <p>Where a result is not finite, torch's order of operations (t log t - t x) decides between NaN and infinity.
 */
public final class DivergenceKernel extends ElementKernel {
    private final boolean logTarget;

    /** @param logTarget whether the targets are log-probabilities */
    public DivergenceKernel(boolean logTarget) {
        super(null);
        this.logTarget = logTarget;
    }

    @Override
    double loss(double x, double t, int output) {
        return loss(x, t, logTarget);
    }

    static double loss(double x, double t, boolean logTarget) {
        if (logTarget) {
            return Math.exp(t) * (t - x);
        }
        double logT = Math.log(t);
        double loss = t * (logT - x);
        return isFinite(loss) ? loss : (t == 0 ? 0 : t * logT) - t * x;
    }

    @Override
    double gradient(double x, double t, int output) {
        return -probability(t, logTarget);
    }

    /** The probability that a target stands for. */
    static double probability(double t, boolean logTarget) {
        return logTarget ? Math.exp(t) : t;
    }

    @Override
    double targetGradient(double x, double t, int output, double factor) {
        if (logTarget) {
            // the factor first: torch's mean stays finite where exp(t) times the rest would not
            double p = Math.exp(t);
            double gradient = p * factor * (t - x + 1);
            return isFinite(gradient) ? gradient : (p * (t - x) + p) * factor;
        }
        // torch differentiates xlogy(t, t), which gives 0/0 at 0 and inf/inf at infinity
        return t == 0 || t == Double.POSITIVE_INFINITY ? Double.NaN : (Math.log(t) + 1 - x) * factor;
    }
}
