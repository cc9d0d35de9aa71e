/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link ClassProbabilityKernel} in float. */
final class FloatClassProbability extends FloatSoftmaxKernel {
    private final FloatTargets effective;

    FloatClassProbability(FloatTargets effective) {
        this.effective = effective;
    }

    @Override
    void targets(FloatTile tile, int row, int first, int n, float[] q, FloatLoops loops) {
        System.arraycopy(tile.y, row * tile.classes + first, q, 0, n);
        effective.weigh(q, first, n, loops);
    }

    @Override
    float[] targets(FloatTile tile) {
        effective.weighRows(tile.y, tile.rows, tile.classes);
        return tile.y;
    }
}
