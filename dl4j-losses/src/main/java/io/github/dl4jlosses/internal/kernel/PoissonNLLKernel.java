/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * Negative log likelihood of counts t under a Poisson distribution: exp(x) - t x if the input x is the logarithm of the
 * rate, x - t log(x + eps) if it is the rate; optionally with Stirling's approximation of log t! where t is above 1.
 */
public final class PoissonNLLKernel extends ElementKernel {
    private static final double LOG_OF_TWO_PI = Math.log(2 * Math.PI);

    private final boolean logInput;
    private final boolean full;
    private final double eps;
    private final FloatKernel inFloat;

    /**
     * The loss with its options.
     *
     * @param logInput whether inputs are logarithms of rates
     * @param full whether Stirling's approximation is added
     * @param eps the number added to a rate before its logarithm is taken
     */
    public PoissonNLLKernel(boolean logInput, boolean full, double eps) {
        super(null);
        this.logInput = logInput;
        this.full = full;
        this.eps = eps;
        this.inFloat = FusedMultiplyAdd.IS_FAST && !full ? inFloat(logInput, eps) : null;
    }

    private static FloatKernel inFloat(boolean logInput, double eps) {
        if (logInput) {
            return new FloatPoissonLogRates();
        }
        return FloatFactor.isSafe(eps) ? new FloatPoissonRates(eps) : null;
    }

    @Override
    public FloatKernel inFloat() {
        return inFloat;
    }

    @Override
    void run(Run run, double scale, Workspace workspace) {
        double[] e = workspace.d;
        if (!logInput) {
            ofRates(run, scale, workspace);
        } else if (exponentials(run, e, workspace)) {
            ofLogarithms(run.x, run.y, e, run, scale);
        } else {
            // rare: numbers too large for the vector loops' exponential, infinities, NaN
            for (int i = 0; i < run.n; i++) {
                e[i] = Math.exp(run.x[i]);
            }
            ofLogarithms(run.x, run.y, e, run, scale);
        }
        if (full && run.wantsLoss) {
            addStirling(run.y, run.loss, run.n);
        }
    }

    private static boolean exponentials(Run run, double[] e, Workspace workspace) {
        workspace.exponential.ofModerate(run.x, e, run.n);
        return isFinite(workspace.sum.of(e, 0, run.n));
    }

    private static void ofLogarithms(double[] x, double[] t, double[] e, Run run, double scale) {
        if (run.wantsLoss) {
            logLosses(x, t, e, run.loss, run.padded);
        }
        if (run.gradient != null) {
            logGradients(t, e, run.gradient, run.padded, scale);
        }
    }

    private static void logLosses(double[] x, double[] t, double[] e, double[] loss, int n) {
        for (int i = 0; i < n; i++) {
            loss[i] = e[i] - t[i] * x[i];
        }
    }

    private static void logGradients(double[] t, double[] e, double[] gradient, int n, double scale) {
        for (int i = 0; i < n; i++) {
            gradient[i] = (e[i] - t[i]) * scale;
        }
    }

    private void ofRates(Run run, double scale, Workspace workspace) {
        double[] shifted = workspace.c;
        double[] log = workspace.d;
        shift(run.x, eps, shifted, run.padded);
        unusual(shifted, log, run.padded);
        boolean areUsual = workspace.sum.of(log, 0, run.n) == 0;
        if (run.wantsLoss) {
            if (areUsual) {
                workspace.logarithm.of(shifted, log, run.n);
            } else {
                logarithms(shifted, log, run.n);
            }
            rateLosses(run.x, run.y, log, run.loss, run.padded);
        }
        if (run.gradient != null) {
            rateGradients(run.y, shifted, run.gradient, run.padded, scale);
        }
    }

    private static void shift(double[] x, double eps, double[] shifted, int n) {
        for (int i = 0; i < n; i++) {
            shifted[i] = x[i] + eps;
        }
    }

    /** Gives 0 for positive normal numbers, a negative number for others, and NaN for those that are not finite. */
    private static void unusual(double[] shifted, double[] below, int n) {
        for (int i = 0; i < n; i++) {
            below[i] = Math.min(shifted[i] - Double.MIN_NORMAL, 0) + shifted[i] * 0;
        }
    }

    private static void rateLosses(double[] x, double[] t, double[] log, double[] loss, int n) {
        for (int i = 0; i < n; i++) {
            loss[i] = x[i] - t[i] * log[i];
        }
    }

    private static void rateGradients(double[] t, double[] shifted, double[] gradient, int n, double scale) {
        for (int i = 0; i < n; i++) {
            gradient[i] = (1 - t[i] / shifted[i]) * scale;
        }
    }

    /** Rare: of no normal numbers, too. */
    private static void logarithms(double[] shifted, double[] log, int n) {
        for (int i = 0; i < n; i++) {
            log[i] = Math.log(shifted[i]);
        }
    }

    /** Not where t is 1 or less, as in torch; NaN is not. */
    private static void addStirling(double[] t, double[] loss, int n) {
        for (int i = 0; i < n; i++) {
            if (!(t[i] <= 1)) {
                double log = Math.log(t[i]);
                loss[i] += t[i] * log - t[i] + 0.5 * (LOG_OF_TWO_PI + log);
            }
        }
    }

    @Override
    double targetGradient(double x, double t, int output, double factor) {
        double gradient = logInput ? -x : -Math.log(x + eps);
        return (full ? gradient + stirlingSlope(t) : gradient) * factor;
    }

    /** NaN where torch multiplies the derivative of a logarithm of nothing by 0. */
    private static double stirlingSlope(double t) {
        if (t <= 1) {
            return t > 0 ? 0 : Double.NaN;
        }
        return Math.log(t) + 0.5 / t;
    }
}
