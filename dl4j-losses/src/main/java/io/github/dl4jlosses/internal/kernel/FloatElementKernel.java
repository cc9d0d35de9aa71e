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
        FloatFactor factor = workspace.floatFactor;
        factor.set(scale * slopeFactor());
        if (length > Workspace.CHUNK) {
            return computeInChunks(tile, length, factor, workspace);
        }
        workspace.floatRun.set(tile, tile.x, tile.y, tile.losses, 0, length);
        return run(workspace, factor);
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
            workspace.floatRun.set(tile, x, y, losses, at, n);
            if (!run(workspace, factor)) {
                return false;
            }
            System.arraycopy(x, 0, tile.x, at, n);
            if (tile.wantsLoss || isJudgedByLosses()) {
                System.arraycopy(losses, 0, tile.losses, at, n);
            }
        }
        return true;
    }

    private boolean run(Workspace workspace, FloatFactor factor) {
        Run run = workspace.floatRun;
        return run(run, FloatLoops.ofLength(run.padded), factor, workspace);
    }

    /** At most {@link Workspace#CHUNK} elements, and what is wanted of them; the thread has one object for all. */
    static final class Run {
        /** The inputs; afterwards the gradient, if it is wanted. */
        float[] x;

        float[] y;
        float[] losses;
        boolean wantsLoss;
        boolean wantsGradient;
        int n;
        /** {@code n} made a round number, as far as the arrays go: what lies behind the content may be computed as well. */
        int padded;

        /** The place of the first element in rows of outputs. */
        private int first;

        private void set(FloatTile tile, float[] x, float[] y, float[] losses, int first, int n) {
            wantsLoss = tile.wantsLoss;
            wantsGradient = tile.wantsGradient;
            this.first = first;
            set(x, y, losses, n);
        }

        private void set(float[] x, float[] y, float[] losses, int n) {
            this.x = x;
            this.y = y;
            this.losses = losses;
            this.n = n;
            padded = Workspace.padded(n, Math.min(Math.min(x.length, y.length), losses.length));
        }

        /** A run from the first output on, of which all is wanted. */
        static Run of(float[] x, float[] y, float[] losses, int n) {
            Run run = new Run();
            run.wantsLoss = true;
            run.wantsGradient = true;
            run.set(x, y, losses, n);
            return run;
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
