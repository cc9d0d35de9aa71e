/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/** {@link PoissonNLLKernel} of rates x in float, without Stirling's approximation: x - t log(x + eps). */
final class FloatPoissonRates extends FloatElementKernel {
    private final float eps;
    private final float epsLow;

    FloatPoissonRates(double eps) {
        this.eps = (float) eps;
        this.epsLow = (float) (eps - this.eps);
    }

    @Override
    boolean run(Run run, FloatLoops loops, FloatFactor factor, Workspace workspace) {
        int n = run.padded;
        float[] shifted = workspace.floatA;
        float[] rest = workspace.floatB;
        float[] quotient = workspace.floatC;
        float[] work = workspace.floatD;
        loops.shift(run.x, shifted, rest, n, eps, epsLow);
        loops.divide(run.y, shifted, rest, quotient, n);
        loops.unusual(shifted, quotient, work, n);
        Arrays.fill(work, run.n, n, 0);
        if (loops.sumOfSizes(work, n) != 0) {
            return false;
        }
        if (run.wantsLoss) {
            loops.logarithms(shifted, work, n);
            loops.rateLosses(run.x, run.y, work, run.losses, n);
        }
        if (run.wantsGradient) {
            loops.rateSlopes(quotient, rest, n);
            loops.multiply(quotient, rest, run.x, n, factor.high, factor.low);
        }
        return true;
    }
}
