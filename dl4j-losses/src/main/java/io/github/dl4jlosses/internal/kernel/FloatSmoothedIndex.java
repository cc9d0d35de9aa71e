/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/** {@link ClassIndexKernel} in float, with label smoothing: each class has a target of w s / C, and that of the row 1 - s more. */
final class FloatSmoothedIndex extends FloatSoftmaxKernel {
    private final FloatTargets effective;
    private final double[] weight;
    private final double hard;

    /**
     * With the options of a loss.
     *
     * @param weight one number per class, or null
     * @param hard the factor of the target's own term, 1 - smoothing
     * @param soft the factor of each class's term, smoothing / C
     */
    FloatSmoothedIndex(double[] weight, double hard, double soft) {
        this.effective = new FloatTargets(weight, 0, soft);
        this.weight = weight;
        this.hard = hard;
    }

    @Override
    void targets(FloatTile tile, int row, int first, int n, float[] q, FloatLoops loops) {
        Arrays.fill(q, 0, n, 0);
        effective.weigh(q, first, n, loops);
    }

    @Override
    boolean hasTargetsOfItsOwn() {
        return true;
    }

    @Override
    int ownClass(FloatTile tile, int row) {
        return tile.target(row);
    }

    @Override
    double own(FloatTile tile, int row) {
        return weight == null ? hard : hard * weight[tile.target(row)];
    }

    @Override
    float[] targets(FloatTile tile) {
        float[] q = Workspace.ofThread().floatB;
        int n = tile.classes;
        Arrays.fill(q, 0, tile.rows * n, 0);
        effective.weighRows(q, tile.rows, n);
        return q;
    }
}
