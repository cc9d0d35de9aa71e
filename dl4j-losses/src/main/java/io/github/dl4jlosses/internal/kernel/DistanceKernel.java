/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * A loss of the distance d = x - t. Each has loops of its own: a call in them that may lead to several formulas would keep
 * the JIT compiler from vector instructions.
 */
abstract class DistanceKernel extends ElementKernel {
    DistanceKernel() {
        super(null);
    }

    /** Beside so short a computation, waiting for the second cache would show. */
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
