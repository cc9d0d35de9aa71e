/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/** What class weights and label smoothing make of a target t: (t hard + soft) w. */
final class FloatTargets {
    private static final float[] ONES = ones();

    private final double[] weight;
    private final float hard;
    /** The part of the factor that the float lacks: it would be in every term. */
    private final float hardLow;

    private final float soft;
    private final boolean areAsGiven;

    /**
     * With the options of a loss.
     *
     * @param weight one number per class, or null
     * @param hard the factor of a target
     * @param soft what is added to it
     */
    FloatTargets(double[] weight, double hard, double soft) {
        this.weight = weight;
        this.hard = (float) hard;
        this.hardLow = (float) (hard - this.hard);
        this.soft = (float) soft;
        this.areAsGiven = weight == null && hard == 1 && soft == 0;
    }

    private static float[] ones() {
        float[] ones = new float[FloatLoops.BLOCK];
        Arrays.fill(ones, 1);
        return ones;
    }

    /**
     * Makes them of the given ones.
     *
     * @param q at most {@link FloatLoops#BLOCK} targets; what lies behind them is overwritten as well
     * @param first the class of the first one
     * @param n how many
     */
    void weigh(float[] q, int first, int n, FloatLoops loops) {
        if (areAsGiven) {
            return;
        }
        loops.weigh(q, weights(first, n), Workspace.padded(n), hard, hardLow, soft);
    }

    private float[] weights(int first, int n) {
        if (weight == null) {
            return ONES;
        }
        float[] w = Workspace.ofThread().floatD;
        for (int i = 0; i < n; i++) {
            w[i] = (float) weight[first + i];
        }
        return w;
    }

    /**
     * Makes those of whole rows of the given ones.
     *
     * @param classes of a row, at most {@link FloatLoops#BLOCK}
     */
    void weighRows(float[] q, int rows, int classes) {
        if (areAsGiven) {
            return;
        }
        float[] w = weights(0, classes);
        for (int r = 0; r < rows; r++) {
            RowLoops.weigh(q, r * classes, w, classes, hard, hardLow, soft);
        }
    }
}
