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

    private static double loss(double x, double t, boolean logTarget) {
        if (logTarget) {
            return Math.exp(t) * (t - x);
        }
        double logT = Math.log(t);
        double loss = t * (logT - x);
        return isFinite(loss) ? loss : (t == 0 ? 0 : t * logT) - t * x;
    }

    @Override
    void run(Run run, double scale, Workspace workspace) {
        if (run.wantsLoss) {
            losses(run.x, run.y, run.loss, 0, run.n, logTarget, workspace);
        }
        for (int i = 0; i < run.n && run.gradient != null; i++) {
            run.gradient[i] = -probability(run.y[i], logTarget) * scale;
        }
    }

    /** The losses of a run of elements. */
    static void losses(double[] x, double[] t, double[] loss, int at, int n, boolean logTarget, Workspace workspace) {
        for (int done = 0; done < n; done += Workspace.CHUNK) {
            int from = at + done;
            int run = Math.min(Workspace.CHUNK, n - done);
            if (logTarget || !vectorLosses(x, t, loss, from, run, workspace)) {
                for (int i = from; i < from + run; i++) {
                    loss[i] = loss(x[i], t[i], logTarget);
                }
            }
        }
    }

    /** False if a result is not finite or a target is negative, where torch's special cases matter. */
    private static boolean vectorLosses(double[] x, double[] t, double[] loss, int at, int n, Workspace workspace) {
        double[] target = workspace.c;
        double[] log = workspace.d;
        double[] input = workspace.f;
        System.arraycopy(t, at, target, 0, n);
        System.arraycopy(x, at, input, 0, n);
        if (!logarithms(target, log, n, workspace)) {
            return false;
        }
        combine(target, log, input, Workspace.padded(n));
        System.arraycopy(input, 0, loss, at, n);
        return isFinite(workspace.sum.of(input, 0, n));
    }

    /**
     * The logarithms of targets; false, with useless numbers, if a target is negative or NaN. For 0 it is a finite
     * number, which 0 will multiply.
     */
    static boolean logarithms(double[] target, double[] log, int n, Workspace workspace) {
        if (!areNotNegative(target, workspace.d, n, workspace)) {
            return false;
        }
        // the logarithm is inexact for 0 and subnormal targets, but they are also its factor
        atLeastNormal(target, log, Workspace.padded(n));
        workspace.logarithm.of(log, log, n);
        return true;
    }

    private static void combine(double[] target, double[] log, double[] input, int n) {
        for (int i = 0; i < n; i++) {
            input[i] = target[i] * (log[i] - input[i]);
        }
    }

    /** Whether no number is negative or NaN; infinity is accepted. {@code work} is overwritten. */
    private static boolean areNotNegative(double[] t, double[] work, int n, Workspace workspace) {
        negatives(t, work, Workspace.padded(n));
        return workspace.sum.of(work, 0, n) == 0;
    }

    private static void negatives(double[] t, double[] result, int n) {
        for (int i = 0; i < n; i++) {
            // NaN for NaN
            result[i] = Math.min(t[i], 0);
        }
    }

    /** The probability that a target denotes. */
    private static double probability(double t, boolean logTarget) {
        return logTarget ? Math.exp(t) : t;
    }

    @Override
    double targetGradient(double x, double t, int output, double factor) {
        if (logTarget) {
            // the factor first: then the mean is finite, as torch's, even where exp(t) times the rest would overflow
            double p = Math.exp(t);
            double gradient = p * factor * (t - x + 1);
            return isFinite(gradient) ? gradient : (p * (t - x) + p) * factor;
        }
        // torch differentiates xlogy(t, t), which gives 0/0 at 0 and inf/inf at infinity
        return t == 0 || t == Double.POSITIVE_INFINITY ? Double.NaN : (Math.log(t) + 1 - x) * factor;
    }
}
