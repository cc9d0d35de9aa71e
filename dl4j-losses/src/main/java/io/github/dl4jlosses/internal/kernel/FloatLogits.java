/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * {@link LogitsKernel} in float, for targets within [0, 1]. All comes of e = exp(-|x|), which never overflows: the softplus
 * functions are log(1 + e), and |x| more; of sigma(x) and sigma(-x) one is e / (1 + e), and the other what it lacks to 1.
 */
final class FloatLogits extends FloatElementKernel {
    /** The sum of fewer might be further from the exact one than torch's. */
    static final int FEWEST = 16;

    private final double[] posWeight;

    /** @param posWeight numbers that {@link #areModerate}, or null */
    FloatLogits(double[] posWeight) {
        this.posWeight = posWeight;
    }

    /** Whether products with weights keep the digits of a float. */
    static boolean areModerate(double[] weights) {
        if (weights != null) {
            for (double weight : weights) {
                if (!(weight <= 0x1p20) || (weight < 0x1p-20 && weight != 0)) {
                    return false;
                }
            }
        }
        return true;
    }

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
            loops.logarithmsOfOnePlus(e, run.losses, n);
        }
        if (posWeight == null) {
            if (run.wantsLoss) {
                loops.logitLosses(run.x, run.y, run.losses, n);
            }
            if (run.wantsGradient) {
                loops.sigmoids(e, rest, n);
                loops.truthSlopes(run.x, run.y, e, rest, base, n);
            }
        } else {
            weighted(run, loops, e, rest, base, workspace);
        }
        if (run.wantsGradient) {
            loops.multiplySums(base, e, rest, run.x, n, factor.high, factor.low);
        }
        return true;
    }

    private void weighted(Run run, FloatLoops loops, float[] e, float[] rest, float[] base, Workspace workspace) {
        int n = run.padded;
        float[] positive = workspace.floatD;
        float[] lack = workspace.floatE;
        run.spread(posWeight, positive, lack);
        loops.products(run.y, positive, lack, n);
        if (run.wantsLoss) {
            loops.weightedLogitLosses(run.x, run.y, positive, run.losses, n);
        }
        if (run.wantsGradient) {
            loops.sigmoids(e, rest, n);
            loops.weightedSlopes(run.x, run.y, positive, e, rest, n);
            loops.weightedBases(run.x, run.y, positive, lack, base, rest, n);
        }
    }
}
