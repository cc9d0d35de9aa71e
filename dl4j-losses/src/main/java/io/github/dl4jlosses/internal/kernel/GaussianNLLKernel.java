/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * Negative log likelihood of a number t under a normal distribution: (log v + d^2 / v) / 2 with d = m - t. A row has its means
 * m first, and then as many outputs from which the variances v come.
 *
 * <p>d^2 / v is (d / v) d, so that no square overflows whose quotient does not, and (d h)^2 with h = v^(-1/2) where v itself
 * overflows. The gradients are d / v, and
 * (v' / v) (1 - d^2 / v) / 2 with v' the variance's derivative with respect to its output, which torch leaves unclamped.
 */
public final class GaussianNLLKernel implements Kernel {
    private static final double HALF_LOG_OF_TWO_PI = 0.5 * Math.log(2 * Math.PI);

    private final VarianceForm form;
    private final double eps;
    private final double constant;

    /**
     * The loss with its options.
     *
     * @param form how an output becomes a variance
     * @param eps the smallest variance
     * @param full whether log(2 pi) / 2 is added
     */
    public GaussianNLLKernel(VarianceForm form, double eps, boolean full) {
        this.form = form;
        this.eps = eps;
        this.constant = full ? HALF_LOG_OF_TWO_PI : 0;
    }

    @Override
    public boolean lossPerRow() {
        return false;
    }

    @Override
    public int losses(int classes) {
        return classes / 2;
    }

    @Override
    public void compute(Tile tile, double scale) {
        int labels = losses(tile.classes);
        GaussianRun run = Workspace.ofThread().gaussianRun;
        run.wantsLoss = tile.wantsLoss;
        int most = labels == 0 ? 1 : Math.max(1, Workspace.CHUNK / labels);
        int rows;
        for (int r = 0; r < tile.rows; r += Math.max(1, rows)) {
            rows = together(tile, r, most);
            for (int at = 0; at < labels && rows > 0; at += Workspace.CHUNK) {
                run.first = r;
                run.rows = rows;
                run.at = at;
                run.each = Math.min(Workspace.CHUNK, labels - at);
                compute(tile, run, scale);
            }
        }
    }

    /** @return how many rows from a row on take part, one after the other */
    private static int together(Tile tile, int row, int most) {
        int rows = 0;
        while (rows < most && row + rows < tile.rows && !tile.skip[row + rows]) {
            rows++;
        }
        return rows;
    }

    private void compute(Tile tile, GaussianRun run, double scale) {
        if (!form.isReadInVectors()) {
            readOneByOne(tile, run);
            write(tile, run, scale);
            return;
        }
        if (inVectors(tile, run)) {
            write(tile, run, scale);
            return;
        }
        // a row has no part in what is wrong with another
        int end = run.first + run.rows;
        run.rows = 1;
        for (; run.first < end; run.first++) {
            if (!inVectors(tile, run)) {
                readOneByOne(tile, run);
            }
            write(tile, run, scale);
        }
    }

    private void readOneByOne(Tile tile, GaussianRun run) {
        run.gather(tile);
        int n = run.rows * run.each;
        form.read(run, eps, n);
        oneByOne(run, n);
    }

    /** @return whether the quotients are good: not where a variance, a distance or its square is out of the ordinary */
    private boolean inVectors(Tile tile, GaussianRun run) {
        run.gather(tile);
        int n = run.rows * run.each;
        if (!form.readAll(run, eps, n)) {
            return false;
        }
        quotients(run.mean, run.target, run.variance, Workspace.padded(n, Workspace.CHUNK));
        return ElementKernel.isFinite(run.workspace.sum.of(run.target, 0, n));
    }

    /** d / v and d^2 / v in the places of means and targets. */
    private static void quotients(double[] mean, double[] target, double[] variance, int n) {
        for (int i = 0; i < n; i++) {
            double d = mean[i] - target[i];
            double quotient = d / variance[i];
            mean[i] = quotient;
            target[i] = quotient * d;
        }
    }

    private static void losses(double[] logarithm, double[] square, double[] loss, int n, double constant) {
        for (int i = 0; i < n; i++) {
            loss[i] = 0.5 * (logarithm[i] + square[i]) + constant;
        }
    }

    /** The gradients of means and of variances in the places of d / v and d^2 / v. */
    private static void gradients(double[] slope, double[] square, double[] growth, int n, double scale) {
        for (int i = 0; i < n; i++) {
            slope[i] *= scale;
            square[i] = 0.5 * FusedMultiplyAdd.of(-square[i], growth[i], growth[i]) * scale;
        }
    }

    /** The same for numbers of any kind. */
    private static void oneByOne(GaussianRun run, int n) {
        for (int i = 0; i < n; i++) {
            double d = run.mean[i] - run.target[i];
            if (run.isTooLarge(i)) {
                double root = run.reciprocalRoot(i);
                run.mean[i] = d * root * root;
                run.target[i] = d * root * (d * root);
            } else {
                double v = run.variance[i];
                double quotient = d / v;
                run.target[i] =
                        Double.isInfinite(quotient) ? d * d / v : square(run.mean[i], run.target[i], d, v, quotient);
                run.mean[i] = quotient;
            }
        }
    }

    /** d^2 / v, with fused multiply-add rounded once: q d + q (r + 2 s), r being the remainder of q and s that of d. */
    private static double square(double mean, double target, double d, double v, double quotient) {
        if (!FusedMultiplyAdd.IS_FAST) {
            return quotient * d;
        }
        double ofTarget = mean - d;
        double remainder = (mean - (d + ofTarget)) + (ofTarget - target);
        return Math.fma(quotient, d, quotient * (Math.fma(-quotient, v, d) + 2 * remainder));
    }

    /** Losses and gradients of a run, from d / v and d^2 / v. */
    private void write(Tile tile, GaussianRun run, double scale) {
        int padded = Workspace.padded(run.rows * run.each, Workspace.CHUNK);
        if (tile.wantsLoss) {
            losses(run.logarithm, run.target, run.loss, padded, constant);
        }
        if (tile.wantsGradient || tile.targetGradient != null) {
            gradients(run.mean, run.target, run.growth, padded, scale);
        }
        run.scatter(tile);
    }
}
