/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * A loss of the distance d = x - t. Each loss has its own loops: a call in a shared loop that may lead to several
 * formulas would prevent vector instructions.
 */
abstract class DistanceKernel extends ElementKernel {
    DistanceKernel() {
        super(null);
    }

    /** Smaller tiles than usual, because with so short a computation the second cache would be noticeably slow. */
    @Override
    public final int elementsAtOnce() {
        return 1024;
    }

    abstract void losses(double[] x, double[] t, double[] loss, int n);

    abstract void gradients(double[] x, double[] t, double[] gradient, int n, double scale);

    /** The derivative with respect to d. */
    abstract double gradient(double d);

    @Override
    final double targetGradient(double x, double t, int output, double factor) {
        return -gradient(x - t) * factor;
    }

    @Override
    final void run(Run run, double scale, Workspace workspace) {
        if (run.wantsLoss) {
            losses(run.x, run.y, run.loss, run.padded);
        }
        if (run.gradient != null) {
            gradients(run.x, run.y, run.gradient, run.padded, scale);
        }
    }
}
