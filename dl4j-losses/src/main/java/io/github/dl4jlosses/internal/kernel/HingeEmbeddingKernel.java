/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * A distance x for the target 1, and max(0, margin - x) for -1; any other target adds both, as in torch.
 *
 * <p>At x = margin torch's clamp lets the gradient through; for NaN it does not.
 */
public final class HingeEmbeddingKernel extends ElementKernel {
    private final double margin;

    /** @param margin the distance up to which pairs with the target -1 are pushed apart; any number */
    public HingeEmbeddingKernel(double margin) {
        super(null);
        this.margin = margin;
    }

    @Override
    void run(Run run, double scale, Workspace workspace) {
        boolean isPlain = isFinite(scale) && isFinite(margin) && arePlain(run, workspace);
        if (run.wantsLoss) {
            if (isPlain) {
                plainLosses(run.x, run.y, run.loss, run.padded);
            } else {
                losses(run.x, run.y, run.loss, run.n);
            }
        }
        if (run.gradient != null) {
            if (isPlain) {
                plainGradients(run.x, run.y, run.gradient, run.padded, scale);
            } else {
                gradients(run.x, run.y, run.gradient, run.n, scale);
            }
        }
    }

    /** Whether all targets are 1 or -1, and all distances from the margin finite: infinity times 0 is NaN. */
    private boolean arePlain(Run run, Workspace workspace) {
        double[] others = workspace.c;
        others(run.x, run.y, others, Math.min(run.padded, others.length));
        return workspace.sum.of(others, 0, run.n) == 0;
    }

    private void others(double[] x, double[] t, double[] others, int n) {
        for (int i = 0; i < n; i++) {
            others[i] = Math.abs(Math.abs(t[i]) - 1) + (margin - x[i]) * 0;
        }
    }

    /**
     * The same bits as {@link #losses}, without a branch, which no processor could predict: one of the two is
     * multiplied by 0.
     */
    private void plainLosses(double[] x, double[] t, double[] loss, int n) {
        for (int i = 0; i < n; i++) {
            double isNear = (t[i] + 1) * 0.5;
            loss[i] = (1 - isNear) * Math.max(margin - x[i], 0) + isNear * x[i];
        }
    }

    /** The same bits as {@link #gradients}, without a branch. */
    private void plainGradients(double[] x, double[] t, double[] gradient, int n, double scale) {
        for (int i = 0; i < n; i++) {
            double isNear = (t[i] + 1) * 0.5;
            double isBeyond = isAboveZero(x[i] - margin);
            gradient[i] = isNear * scale - (1 - isNear) * (1 - isBeyond) * scale;
        }
    }

    private void losses(double[] x, double[] t, double[] loss, int n) {
        for (int i = 0; i < n; i++) {
            double near = t[i] == -1 ? 0 : x[i];
            loss[i] = (t[i] == 1 ? 0 : Math.max(margin - x[i], 0)) + near;
        }
    }

    private void gradients(double[] x, double[] t, double[] gradient, int n, double scale) {
        for (int i = 0; i < n; i++) {
            double near = t[i] == -1 ? 0 : scale;
            gradient[i] = near - (t[i] != 1 && margin - x[i] >= 0 ? scale : 0);
        }
    }
}
