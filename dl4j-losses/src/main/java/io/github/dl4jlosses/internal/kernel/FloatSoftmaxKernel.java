/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * A loss of softmax(x) = p against a number q for each class, in float: the sum of q (-log p), or of a little more, and its
 * gradient p Q - q with Q the sum of q. {@link FloatSoftmaxRow} has the arithmetic.
 */
abstract class FloatSoftmaxKernel implements FloatKernel {
    /** Shorter rows would be zeros for the most part of a block. */
    private static final int CLASSES_OF_LONG_ROWS = 384;

    /** Of fewer classes, the work for each row would be more than that for its elements: columns are faster. */
    static final int LEAST_CLASSES = 64;

    @Override
    public final boolean isWorthwhile(int classes) {
        return classes >= LEAST_CLASSES;
    }

    @Override
    public final int rowsTogether(int classes) {
        return classes < CLASSES_OF_LONG_ROWS ? FloatSoftmaxRows.rowsOfBlock(classes) : 1;
    }

    @Override
    public final boolean compute(FloatTile tile, double scale) {
        return compute(tile, scale, FloatLoops.ofLength(FloatLoops.BLOCK));
    }

    /** Likewise in one form of the loops. */
    final boolean compute(FloatTile tile, double scale, FloatLoops loops) {
        Workspace workspace = Workspace.ofThread();
        return tile.classes < CLASSES_OF_LONG_ROWS
                ? workspace.softmaxRows.compute(this, tile, scale, loops)
                : workspace.softmaxRow.compute(this, tile, scale, loops);
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

    /**
     * The targets q of all classes of short rows, row after row.
     *
     * @return an array that may be longer; or that of the tile, overwritten
     */
    abstract float[] targets(FloatTile tile);

    /** Whether {@link #targets(FloatTile, int, int, int, float[], FloatLoops)} does not depend on tile and row. */
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
