/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link PoissonNLLKernel} of logarithms x of rates in float, without Stirling's approximation: exp(x) - t x. */
final class FloatPoissonLogRates extends FloatElementKernel {
    @Override
    public boolean isJudgedByLosses() {
        return true;
    }

    @Override
    boolean run(Run run, FloatLoops loops, FloatFactor factor, Workspace workspace) {
        int n = run.padded;
        float[] e = workspace.floatA;
        float[] rest = workspace.floatB;
        loops.exponentials(run.x, e, rest, n);
        loops.logRateLosses(run.x, run.y, e, rest, run.losses, n);
        if (run.wantsGradient) {
            loops.logRateSlopes(run.y, e, rest, n);
            loops.multiply(e, rest, run.x, n, factor.high, factor.low);
        }
        return true;
    }
}
