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

    /**
     * @param weight one number per output, one number for all, or null
     * @param posWeight likewise
     */
    public LogitsKernel(double[] weight, double[] posWeight) {
        super(weight);
        this.posWeight = posWeight;
    }

    @Override
    double loss(double x, double y, int output) {
        double v = numberOf(posWeight, output);
        double loss = (1 - y) * Sigmoid.softplus(x) + v * y * Sigmoid.softplus(-x);
        // outside [0, 1] the two terms have opposite signs, and torch's form is the better one
        return isFinite(loss) && y >= 0 && y <= 1 ? loss : (1 - y) * x + ((v - 1) * y + 1) * Sigmoid.softplus(-x);
    }

    @Override
    double gradient(double x, double y, int output) {
        double positive = numberOf(posWeight, output) * y;
        double gradient = (1 - y) * Sigmoid.of(x) - positive * Sigmoid.of(-x);
        return isFinite(gradient) ? gradient : (positive + 1 - y) * Sigmoid.of(x) - positive;
    }

    @Override
    void run(Tile tile, int at, int n, double scale, Workspace workspace) {
        double[] x = workspace.a;
        double[] y = workspace.b;
        double[] positive = workspace.c;
        double[] e = workspace.d;
        double[] log = workspace.f;
        System.arraycopy(tile.x, at, x, 0, n);
        System.arraycopy(tile.y, at, y, 0, n);
        positives(y, positive, at, n, tile.classes);
        minusAbsolute(x, e, n);
        workspace.exponential.of(e, e, n);
        workspace.logarithm.ofOnePlus(e, log, n);
        if (tile.wantsGradient) {
            gradients(x, y, positive, e, n, scale);
            System.arraycopy(e, 0, tile.gradient, at, n);
        }
        losses(x, y, positive, log, n);
        if (!areProbabilities(y, n) || !isFinite(workspace.sum.of(log, 0, n))) {
            // rare: the scalar formulas know torch's corners
            super.run(tile, at, n, scale, workspace);
            return;
        }
        System.arraycopy(log, 0, tile.loss, at, n);
        targetGradients(tile, at, n, scale);
    }

    /** The targets times the weight of positive ones. */
    private void positives(double[] y, double[] positive, int at, int n, int classes) {
        System.arraycopy(y, 0, positive, 0, n);
        for (int i = 0; i < n && posWeight != null; i++) {
            positive[i] *= numberOf(posWeight, (at + i) % classes);
        }
    }

    private static void minusAbsolute(double[] x, double[] e, int n) {
        for (int i = 0; i < n; i++) {
            e[i] = -Math.abs(x[i]);
        }
    }

    /** sigma(x) is 1/(1+e) or e/(1+e) with e = exp(-|x|): the numerator by minimum and maximum, without a branch. */
    private static void gradients(double[] x, double[] y, double[] positive, double[] e, int n, double scale) {
        for (int i = 0; i < n; i++) {
            double steep = x[i] * 1e300;
            double up = Math.min(Math.max(steep, e[i]), 1);
            double down = Math.min(Math.max(-steep, e[i]), 1);
            e[i] = ((1 - y[i]) * up - positive[i] * down) * (scale / (1 + e[i]));
        }
    }

    /** softplus(x) is max(x, 0) + log(1+e). */
    private static void losses(double[] x, double[] y, double[] positive, double[] log, int n) {
        for (int i = 0; i < n; i++) {
            log[i] = (1 - y[i]) * (Math.max(x[i], 0) + log[i]) + positive[i] * (Math.max(-x[i], 0) + log[i]);
        }
    }

    private static boolean areProbabilities(double[] y, int n) {
        boolean all = true;
        for (int i = 0; i < n; i++) {
            all &= y[i] >= 0 && y[i] <= 1;
        }
        return all;
    }

    @Override
    double targetGradient(double x, double y, int output, double factor) {
        double gradient =
                posWeight == null ? -x : numberOf(posWeight, output) * Sigmoid.softplus(-x) - Sigmoid.softplus(x);
        return gradient * factor;
    }
}
