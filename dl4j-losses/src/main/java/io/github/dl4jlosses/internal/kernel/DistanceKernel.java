/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * A loss of the distance d = x - t. Each has loops of its own: a call in them that may lead to several formulas would keep
 * the JIT compiler from vector instructions.
 */
abstract class DistanceKernel extends ElementKernel {
    private final FloatKernel inFloat;

    /**
     * @param slopeFactor what the gradient in float holds beside the scale
     * @param limit a distance at which the formula changes, if there is one; float has to hold it well
     */
    DistanceKernel(double slopeFactor, double limit) {
        super(null);
        boolean serves = FusedMultiplyAdd.IS_FAST && FloatFactor.isSafe(limit);
        this.inFloat = serves ? new FloatDistances(this, slopeFactor) : null;
    }

    /** Beside so short a computation, waiting for the second cache would show. */
    @Override
    public final int elementsAtOnce() {
        return 1024;
    }

    @Override
    public final FloatKernel inFloat() {
        return inFloat;
    }

    /**
     * In float, of moderate numbers.
     *
     * @param x the inputs; afterwards the gradient
     * @param loss where the losses go
     * @param high the factor of the gradient, with {@code low}
     */
    abstract void gradientsAndLosses(float[] x, float[] t, float[] loss, int n, float high, float low);

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
