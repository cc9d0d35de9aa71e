/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * Focal loss of logits: a ce u^gamma, with ce the binary cross entropy, u = t sigma(-x) + (1-t) sigma(x) the probability of
 * being wrong, and a = alpha t + (1-alpha) (1-t), or 1.
 *
 * <p>torch forms u as 1 - p, which is 0 once p rounds to 1. As a sum of sigmoids it keeps its digits. For t = 1 and t = 0 its
 * derivative, of size sigma(x) sigma(-x), is a multiple of u, so that u^(gamma-1) is never formed.
 */
public final class SigmoidFocalKernel extends ElementKernel {
    private final double alpha;
    private final double gamma;

    /**
     * The loss with its options.
     *
     * @param alpha the weight of positive targets, from 0 to 1; negative: no weights
     * @param gamma the power of the probability of being wrong
     */
    public SigmoidFocalKernel(double alpha, double gamma) {
        super(null);
        this.alpha = alpha;
        this.gamma = gamma;
    }

    @Override
    void run(Run run, double scale, Workspace workspace) {
        if (!areHard(run, workspace) || !hard(run, scale, workspace)) {
            oneByOne(run, scale);
        }
    }

    /** Whether all targets are 0 or 1. */
    private static boolean areHard(Run run, Workspace workspace) {
        double[] between = workspace.c;
        between(run.y, between, Math.min(run.padded, between.length));
        return workspace.sum.of(between, 0, run.n) == 0;
    }

    private static void between(double[] t, double[] between, int n) {
        for (int i = 0; i < n; i++) {
            between[i] = Math.abs(t[i] * (1 - t[i]));
        }
    }

    /**
     * With z = x for t = 0, and -x for 1: ce = softplus(z), u = sigma(z) and the slope of z, a u^gamma (u + gamma ce sigma(-z)).
     *
     * @return whether the results are good: logits beyond the vector loops' exponential, infinities and NaN have none
     */
    private boolean hard(Run run, double scale, Workspace workspace) {
        int n = run.padded;
        double[] z = workspace.c;
        double[] e = workspace.d;
        double[] power = workspace.f;
        double[] entropy = workspace.row(Workspace.CHUNK);
        exponents(run.x, run.y, z, n);
        workspace.exponential.ofModerate(z, e, run.n);
        ofSmaller(e, entropy, n);
        workspace.logarithm.twiceAtanh(entropy, n);
        SoftMarginKernel.addPositive(z, entropy, n);
        sigmas(e, power, n);
        weightedPowers(run.y, power, n);
        multiply(power, entropy, z, n);
        // before the results take the place of the inputs
        if (!isFinite(workspace.sum.of(z, 0, run.n))) {
            return false;
        }
        if (run.gradient != null) {
            gradients(run.y, e, entropy, power, run.gradient, n, scale);
        }
        System.arraycopy(z, 0, run.loss, 0, n);
        return true;
    }

    private static void exponents(double[] x, double[] t, double[] z, int n) {
        for (int i = 0; i < n; i++) {
            z[i] = (1 - 2 * t[i]) * x[i];
        }
    }

    private static void sigmas(double[] e, double[] sigma, int n) {
        for (int i = 0; i < n; i++) {
            sigma[i] = e[i] / (1 + e[i]);
        }
    }

    /** a u^gamma in place of u. */
    private void weightedPowers(double[] t, double[] u, int n) {
        if (gamma == 2) {
            multiply(u, u, u, n);
        } else if (gamma != 1) {
            for (int i = 0; i < n; i++) {
                u[i] = Math.pow(u[i], gamma);
            }
        }
        if (alpha >= 0) {
            weigh(t, u, n, alpha);
        }
    }

    private static void weigh(double[] t, double[] power, int n, double alpha) {
        for (int i = 0; i < n; i++) {
            power[i] *= alpha * t[i] + (1 - alpha) * (1 - t[i]);
        }
    }

    private static void multiply(double[] a, double[] b, double[] product, int n) {
        for (int i = 0; i < n; i++) {
            product[i] = a[i] * b[i];
        }
    }

    private void gradients(
            double[] t, double[] e, double[] entropy, double[] power, double[] gradient, int n, double scale) {
        double g = gamma;
        for (int i = 0; i < n; i++) {
            gradient[i] = (1 - 2 * t[i]) * power[i] * ((e[i] + g * entropy[i]) / (1 + e[i])) * scale;
        }
    }

    private void oneByOne(Run run, double scale) {
        // without a power the gradient has no logarithm
        boolean wantsEntropy = run.wantsLoss || gamma != 0;
        for (int i = 0; i < run.n; i++) {
            double x = run.x[i];
            double t = run.y[i];
            // sigma(x) and sigma(-x), and the logarithms that softplus has of them, from one exponential
            double e = Math.exp(-Math.abs(x));
            double larger = 1 / (1 + e);
            double smaller = e / (1 + e);
            boolean positive = x >= 0;
            double sigma = positive ? larger : smaller;
            double other = positive ? smaller : larger;
            double wrong = wrong(x, e, t);
            double power = power(wrong);
            double entropy = wantsEntropy ? entropy(x, t, Math.log1p(e)) : 0;
            double weight = weight(t);
            run.loss[i] = weight * entropy * power;
            if (run.gradient != null) {
                double slope = sigma - t;
                if (t == 1 || t == 0) {
                    // without the difference
                    slope = t == 1 ? -other : sigma;
                }
                double ofPower = gamma == 0 ? 0 : gamma * slopeOfPower(t, wrong, power, sigma, other, entropy);
                run.gradient[i] = weight * (power * slope + ofPower) * scale;
            }
        }
    }

    /** The probability of being wrong, with e = exp(-|x|): over one denominator, for its error is multiplied by gamma. */
    private static double wrong(double x, double e, double t) {
        return wrongOfTotal(x, e, t) / (1 + e);
    }

    /** What of the total 1 + exp(-|x|) is wrong. */
    private static double wrongOfTotal(double x, double e, double t) {
        return x >= 0 ? FusedMultiplyAdd.of(t, e, 1 - t) : FusedMultiplyAdd.of(1 - t, e, t);
    }

    /** The cross entropy, with the logarithm of 1 + exp(-|x|), which both classes have a share of. */
    private static double entropy(double x, double t, double log) {
        return times(x >= 0 ? 1 - t : t, Math.abs(x)) + log;
    }

    /** 0 times anything is 0: the logarithm of a class that a target does not name has no part. */
    private static double times(double share, double number) {
        return share == 0 && !Double.isNaN(number) ? 0 : share * number;
    }

    private double weight(double t) {
        return alpha < 0 ? 1 : FusedMultiplyAdd.of(alpha, t, (1 - alpha) * (1 - t));
    }

    private double power(double wrong) {
        if (gamma == 2) {
            return wrong * wrong;
        }
        return gamma == 1 ? wrong : Math.pow(wrong, gamma);
    }

    /** ce u^(gamma-1) sigma(x) sigma(-x) (1-2t). */
    private double slopeOfPower(double t, double wrong, double power, double sigma, double other, double entropy) {
        if (t == 1) {
            return -times(power * sigma, entropy);
        }
        if (t == 0) {
            return times(power * other, entropy);
        }
        // sigma(x) sigma(-x) goes to 0 faster than any logit grows
        double product = times(sigma * other, entropy);
        return product == 0 ? 0 : product * (1 - 2 * t) * Math.pow(wrong, gamma - 1);
    }

    /**
     * With a' = 2 alpha - 1 and the gradient of u, sigma(-x) - sigma(x): u^gamma (a' ce + a (gamma ce (sigma(-x) - sigma(x)) / u -
     * x)), where u and the difference have the denominator 1 + exp(-|x|) in common.
     */
    @Override
    double targetGradient(double x, double t, int output, double factor) {
        double e = Math.exp(-Math.abs(x));
        double wrongOfTotal = wrongOfTotal(x, e, t);
        double power = power(wrongOfTotal / (1 + e));
        if (FusedMultiplyAdd.IS_FAST && wrongOfTotal != 0) {
            power = Math.fma(power, gamma * lostOfWrong(x, e, t, wrongOfTotal), power);
        }
        double entropy = entropy(x, t, Math.log1p(e));
        double slopeOfWeight = alpha < 0 ? 0 : 2 * alpha - 1;
        // where nothing can be wrong the two are equal
        double entropyOfWrong = wrongOfTotal == 0 ? 1 : entropy / wrongOfTotal;
        double ofPower = gamma == 0 ? 0 : gamma * entropyOfWrong * otherWithoutOfTotal(x);
        double slope = FusedMultiplyAdd.of(weight(t), ofPower - x, times(slopeOfWeight, entropy));
        return factor * times(power, slope);
    }

    /** What the probability of being wrong lost to roundings, over itself. */
    private static double lostOfWrong(double x, double e, double t, double wrongOfTotal) {
        double rest = 1 - t;
        double lostOfRest = (1 - rest) - t;
        double lost = x >= 0
                ? Math.fma(t, e, rest - wrongOfTotal) + lostOfRest
                : Math.fma(rest, e, t - wrongOfTotal) + lostOfRest * e;
        double total = 1 + e;
        double wrong = wrongOfTotal / total;
        double lostOfTotal = e - (total - 1);
        return (Math.fma(-wrong, total, wrongOfTotal) + lost - wrong * lostOfTotal) / wrongOfTotal;
    }

    /** sigma(-x) - sigma(x), which cancels near 0, of the total 1 + exp(-|x|). */
    private static double otherWithoutOfTotal(double x) {
        return Math.copySign(Math.expm1(-Math.abs(x)), -x);
    }
}
