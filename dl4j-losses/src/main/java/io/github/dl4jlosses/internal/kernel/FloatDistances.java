/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** A {@link DistanceKernel} in float: the gradient is the slope of the loss at d = x - t, times a number. */
final class FloatDistances extends FloatElementKernel {
    private final DistanceKernel kernel;
    private final double slopeFactor;

    /** @param slopeFactor what the kernel's slopes in float lack */
    FloatDistances(DistanceKernel kernel, double slopeFactor) {
        this.kernel = kernel;
        this.slopeFactor = slopeFactor;
    }

    @Override
    public boolean isJudgedByLosses() {
        return true;
    }

    @Override
    double slopeFactor() {
        return slopeFactor;
    }

    @Override
    boolean run(Run run, FloatFactor factor, Workspace workspace) {
        // one loop for both: either alone would take as long
        kernel.gradientsAndLosses(run.x, run.y, run.losses, run.padded, factor.high, factor.low);
        return true;
    }
}
