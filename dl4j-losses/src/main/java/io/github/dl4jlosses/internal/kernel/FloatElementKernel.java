/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** A loss of single elements in float; needs fused multiply-add. */
abstract class FloatElementKernel implements FloatKernel {
    @Override
    public final boolean compute(FloatTile tile, double scale) {
        Workspace workspace = Workspace.ofThread();
        int length = tile.rows * tile.classes;
        if (length < fewest() || !FloatFactor.isSafe(scale * slopeFactor())) {
            return false;
        }
        FloatFactor factor = new FloatFactor(scale * slopeFactor());
        if (length > Workspace.CHUNK) {
            return computeInChunks(tile, length, factor, workspace);
        }
        return run(new Run(tile, tile.x, tile.y, tile.losses, 0, length), factor, workspace);
    }

    /** The vector loops have no offset. */
    private boolean computeInChunks(FloatTile tile, int length, FloatFactor factor, Workspace workspace) {
        float[] x = workspace.floats;
        float[] y = workspace.floatY;
        float[] losses = workspace.floatL;
        for (int at = 0; at < length; at += Workspace.CHUNK) {
            int n = Math.min(Workspace.CHUNK, length - at);
            System.arraycopy(tile.x, at, x, 0, n);
            System.arraycopy(tile.y, at, y, 0, n);
            if (!run(new Run(tile, x, y, losses, at, n), factor, workspace)) {
                return false;
            }
            System.arraycopy(x, 0, tile.x, at, n);
            if (tile.wantsLoss || isJudgedByLosses()) {
                System.arraycopy(losses, 0, tile.losses, at, n);
            }
        }
        return true;
    }

    private boolean run(Run run, FloatFactor factor, Workspace workspace) {
        return run(run, FloatLoops.ofLength(run.padded), factor, workspace);
    }

    /** At most {@link Workspace#CHUNK} elements, and what is wanted of them. */
    static final class Run {
        /** The inputs; afterwards the gradient, if it is wanted. */
        final float[] x;

        final float[] y;
        final float[] losses;
        final boolean wantsLoss;
        final boolean wantsGradient;
        final int n;
        /** {@code n} made a round number, as far as the arrays go: what lies behind the content may be computed as well. */
        final int padded;

        /** The place of the first element in rows of outputs. */
        private final int first;

        Run(FloatTile tile, float[] x, float[] y, float[] losses, int first, int n) {
            this(x, y, losses, first, n, tile.wantsLoss, tile.wantsGradient);
        }

        Run(float[] x, float[] y, float[] losses, int first, int n, boolean wantsLoss, boolean wantsGradient) {
            this.first = first;
            this.x = x;
            this.y = y;
            this.losses = losses;
            this.wantsLoss = wantsLoss;
            this.wantsGradient = wantsGradient;
            this.n = n;
            this.padded = Workspace.padded(n, Math.min(Math.min(x.length, y.length), losses.length));
        }

        /** The numbers of the elements, each in two floats, of one number per output or one for all. */
        void spread(double[] perOutput, float[] high, float[] low) {
            Workspace.spread(perOutput, first % perOutput.length, high, low, n);
        }
    }

    /** How many elements there must be: the sum of few has the errors of each. */
    int fewest() {
        return 0;
    }

    /** What the factor of the gradient holds beside the scale. */
    double slopeFactor() {
        return 1;
    }

    /**
     * Computes what is wanted; whether it can, depends on the numbers alone and not on what is wanted.
     *
     * @param factor of the gradient
     * @return false where the numbers must be computed in double
     */
    abstract boolean run(Run run, FloatLoops loops, FloatFactor factor, Workspace workspace);
}
