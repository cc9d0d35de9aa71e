/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * Binary cross entropy of logits: l = (1-y) softplus(x) + v y softplus(-x), with v the weight of positive targets.
 *
 * <p>torch forms (1-y) x + (1 + (v-1) y) softplus(-x), the same number with a cancellation; where the result is not
 * finite, its order of operations decides between NaN and infinity and is used as it stands.
 */
public final class LogitsKernel extends ElementKernel {
    private final double[] posWeight;
    private final FloatKernel inFloat;
    private final Formula lossOfOne = this::loss;
    private final Formula gradientOfOne = this::gradient;

    /**
     * @param weight one number per output, one number for all, or null
     * @param posWeight likewise
     */
    public LogitsKernel(double[] weight, double[] posWeight) {
        super(weight);
        this.posWeight = posWeight;
        boolean isInFloat = FusedMultiplyAdd.IS_FAST && weight == null && FloatLogits.areModerate(posWeight);
        this.inFloat = isInFloat ? new FloatLogits(posWeight) : null;
    }

    @Override
    public FloatKernel inFloat() {
        return inFloat;
    }

    private double loss(double x, double y, int output) {
        double v = numberOf(posWeight, output);
        double loss = (1 - y) * Sigmoid.softplus(x) + v * y * Sigmoid.softplus(-x);
        // outside [0, 1] the two terms have opposite signs, and torch's form is the better one
        return isFinite(loss) && y >= 0 && y <= 1 ? loss : (1 - y) * x + logWeight(v, y) * Sigmoid.softplus(-x);
    }

    /** torch leaves the factor out without a weight of positive targets, so that an infinite target makes no NaN of it. */
    private double logWeight(double v, double y) {
        return posWeight == null ? 1 : (v - 1) * y + 1;
    }

    private double gradient(double x, double y, int output) {
        double positive = numberOf(posWeight, output) * y;
        double gradient = (1 - y) * Sigmoid.of(x) - positive * Sigmoid.of(-x);
        return isFinite(gradient) ? gradient : inTorchsOrder(x, y, positive);
    }

    private double inTorchsOrder(double x, double y, double positive) {
        return posWeight == null ? Sigmoid.of(x) - y : (positive + 1 - y) * Sigmoid.of(x) - positive;
    }

    @Override
    void run(Run run, double scale, Workspace workspace) {
        double[] positive = posWeight == null ? run.y : workspace.c;
        positives(run, positive);
        boolean isShort = run.inFloats && FusedMultiplyAdd.IS_FAST;
        boolean fine = isFinite(scale)
                && ((isShort && runShort(run, positive, scale, workspace)) || runLong(run, positive, scale, workspace));
        if (!fine) {
            // rare: logits beyond the vector loops' exponential, infinities, other targets
            runOneByOne(run, scale, lossOfOne, gradientOfOne);
        }
    }

    private static boolean runShort(Run run, double[] positive, double scale, Workspace workspace) {
        int n = run.padded;
        double[] e = workspace.d;
        double[] r = workspace.f;
        double[] log = run.loss;
        ShortExponential.of(run.x, e, run.n);
        ShortLogits.probabilities(e, r, log, n);
        if (run.gradient != null) {
            ShortLogits.gradients(run.y, positive, e, r, run.gradient, n, scale);
        }
        if (run.wantsLoss) {
            ShortLogits.logarithms(log, n);
            losses(run.x, run.y, positive, log, n);
        }
        return isFine(run, workspace);
    }

    private static boolean runLong(Run run, double[] positive, double scale, Workspace workspace) {
        int n = run.padded;
        double[] e = workspace.d;
        double[] log = run.loss;
        workspace.exponential.ofModerate(run.x, e, n);
        if (run.gradient != null) {
            gradients(run.y, positive, e, run.gradient, n, scale);
        }
        if (run.wantsLoss) {
            // log(1 + min(e, 1/e)) for both softplus
            ofSmaller(e, log, n);
            workspace.logarithm.twiceAtanh(log, n);
            losses(run.x, run.y, positive, log, n);
        }
        return isFine(run, workspace);
    }

    private static boolean isFine(Run run, Workspace workspace) {
        // whatever is wanted, so that gradients do not depend on it
        if (!areProbabilities(run.y, workspace.f, run.n, workspace)) {
            return false;
        }
        return run.wantsLoss
                ? isFinite(workspace.sum.of(run.loss, 0, run.n))
                : run.gradient == null || isFinite(workspace.sum.of(run.gradient, 0, run.n));
    }

    /** The targets times the weight of positive ones. */
    private void positives(Run run, double[] positive) {
        if (posWeight != null) {
            Workspace.spread(posWeight, run.output(0) % posWeight.length, positive, run.n);
            multiply(positive, run.y, run.n);
        }
    }

    /** sigma(x) is e/(1+e) with e = exp(x), and sigma(-x) 1/(1+e). */
    private static void gradients(double[] y, double[] positive, double[] e, double[] gradient, int n, double scale) {
        for (int i = 0; i < n; i++) {
            gradient[i] = ((1 - y[i]) * e[i] - positive[i]) * (scale / (1 + e[i]));
        }
    }

    /** softplus(x) is max(x, 0) + log(1 + exp(-|x|)). */
    private static void losses(double[] x, double[] y, double[] positive, double[] log, int n) {
        for (int i = 0; i < n; i++) {
            // max(x, 0), in fewer instructions
            double above = (Math.abs(x[i]) + x[i]) * 0.5;
            log[i] = (1 - y[i]) * (above + log[i]) + positive[i] * ((above - x[i]) + log[i]);
        }
    }

    @Override
    double targetGradient(double x, double y, int output, double factor) {
        double gradient =
                posWeight == null ? -x : numberOf(posWeight, output) * Sigmoid.softplus(-x) - Sigmoid.softplus(x);
        return gradient * factor;
    }
}
