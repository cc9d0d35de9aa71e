/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * {@link HuberKernel} and {@link SmoothL1Kernel} in float: with s, the distance d held at a threshold, the loss is f s (d - s /
 * 2) and the gradient f s. For Huber's f is 1, for the other 1 / threshold.
 */
final class FloatHuber extends FloatElementKernel {
    private final double f;
    private final float threshold;
    /** What the rounding of the threshold loses. */
    private final float rest;

    FloatHuber(double threshold, double f) {
        this.f = f;
        this.threshold = (float) threshold;
        this.rest = (float) (threshold - this.threshold);
    }

    @Override
    public boolean isJudgedByLosses() {
        return true;
    }

    @Override
    double slopeFactor() {
        return f;
    }

    @Override
    boolean run(Run run, FloatLoops loops, FloatFactor factor, Workspace workspace) {
        int n = run.padded;
        if (f == 1 && rest == 0) {
            loops.huber(run.x, run.y, workspace.floatA, run.losses, n, threshold, factor.high);
            return true;
        }
        float[] d = run.x;
        float[] lost = run.y;
        float[] held = workspace.floatA;
        loops.subtract(d, lost, n);
        loops.hold(d, held, n, threshold);
        loops.heldLosses(d, lost, held, run.losses, n, (float) f, (float) (f - (float) f), (float) (rest * f));
        if (run.wantsGradient) {
            loops.lack(d, lost, held, n, rest / threshold);
            loops.multiply(held, lost, d, n, factor.high, factor.low);
        }
        return true;
    }
}
