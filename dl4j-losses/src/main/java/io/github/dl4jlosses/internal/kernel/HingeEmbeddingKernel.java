/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * A distance x for the target 1, and max(0, margin - x) for -1; any other target adds both, as in torch.
 *
 * <p>At x = margin torch's clamp passes the gradient on, and none for NaN.
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
        if (run.wantsLoss) {
            losses(run.x, run.y, run.loss, run.padded);
        }
        if (run.gradient != null) {
            gradients(run.x, run.y, run.gradient, run.padded, scale);
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
