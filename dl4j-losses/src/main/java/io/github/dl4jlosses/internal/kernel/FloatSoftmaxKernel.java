/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * A loss of softmax(x) = p against a number q for each class, in float: the sum of q (-log p), or of a little more, and its
 * gradient p Q - q with Q the sum of q. {@link FloatSoftmaxRow} has the arithmetic.
 */
abstract class FloatSoftmaxKernel implements FloatKernel {
    /** Shorter rows would be zeros for the most part of a block. */
    private static final int LEAST_CLASSES = 384;

    @Override
    public final boolean isWorthwhile(int classes) {
        return classes >= LEAST_CLASSES;
    }

    @Override
    public final boolean compute(FloatTile tile, double scale) {
        FloatLoops loops = FloatLoops.ofLength(FloatLoops.BLOCK);
        return Workspace.ofThread().softmaxRow.compute(this, tile, scale, loops);
    }

    @Override
    public final boolean addsUpRows() {
        return true;
    }

    /**
     * The targets q of some classes of a row.
     *
     * @param first the first class
     * @param n how many
     * @param q where they go
     */
    abstract void targets(FloatTile tile, int row, int first, int n, float[] q, FloatLoops loops);

    /** Whether {@link #targets} does not depend on tile and row. */
    boolean hasTargetsOfItsOwn() {
        return false;
    }

    /** Whether the loss is q (log q - log p), not q (-log p). */
    boolean isDivergence() {
        return false;
    }

    /**
     * The place of a class that has a target of its own beside q; -1 without one.
     *
     * @param row of the tile
     */
    int ownClass(FloatTile tile, int row) {
        return -1;
    }

    /** The target that the class has beside q. */
    double own(FloatTile tile, int row) {
        return 0;
    }
}
