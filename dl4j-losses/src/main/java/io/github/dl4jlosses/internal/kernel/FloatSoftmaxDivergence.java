/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** {@link SoftmaxDivergenceKernel} in float, against probabilities. */
final class FloatSoftmaxDivergence extends FloatSoftmaxKernel {
    @Override
    void targets(FloatTile tile, int row, int first, int n, float[] q, FloatLoops loops) {
        System.arraycopy(tile.y, row * tile.classes + first, q, 0, n);
    }

    @Override
    boolean isDivergence() {
        return true;
    }

    @Override
    float[] targets(FloatTile tile) {
        return tile.y;
    }
}
