/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link SquaredErrorKernel} in float, with what the rounding of the distance loses. */
final class FloatSquaredError extends FloatElementKernel {
    @Override
    public boolean isJudgedByLosses() {
        return true;
    }

    @Override
    double slopeFactor() {
        return 2;
    }

    @Override
    boolean run(Run run, FloatLoops loops, FloatFactor factor, Workspace workspace) {
        float[] d = run.x;
        float[] lost = run.y;
        loops.subtract(d, lost, run.padded);
        loops.squares(d, lost, run.losses, run.padded);
        if (run.wantsGradient) {
            loops.multiply(d, lost, d, run.padded, factor.high, factor.low);
        }
        return true;
    }
}
