/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * {@link LogitsKernel} in float, without weights, for targets within [0, 1]. All comes of e = exp(-|x|), which never overflows:
 * the softplus functions are log(1 + e), and |x| more; of sigma(x) and sigma(-x) one is e / (1 + e), and the other what it
 * lacks to 1.
 */
final class FloatLogits extends FloatElementKernel {
    /** The sum of fewer might be further from the exact one than torch's. */
    static final int FEWEST = 16;

    @Override
    public boolean isJudgedByLosses() {
        return true;
    }

    @Override
    int fewest() {
        return FEWEST;
    }

    @Override
    boolean run(Run run, FloatLoops loops, FloatFactor factor, Workspace workspace) {
        int n = run.padded;
        float[] work = workspace.floatA;
        float[] rest = workspace.floatB;
        float[] base = workspace.floatC;
        // without losses, these judge the numbers
        float[] e = run.wantsLoss ? work : run.losses;
        loops.minusSizes(run.x, run.y, work, n);
        if (run.wantsGradient) {
            loops.exponentials(work, e, rest, n);
        } else {
            loops.exponentials(work, e, n);
        }
        if (run.wantsLoss) {
            loops.logitLosses(run.x, run.y, e, run.losses, n);
        }
        if (run.wantsGradient) {
            loops.sigmoids(e, rest, n);
            loops.truthSlopes(run.x, run.y, e, rest, base, n);
            loops.multiplySums(base, e, rest, run.x, n, factor.high, factor.low);
        }
        return true;
    }
}
