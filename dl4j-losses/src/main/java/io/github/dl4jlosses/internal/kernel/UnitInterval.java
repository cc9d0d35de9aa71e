/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** Accepts targets from 0 to 1, and inputs from 0 to 1 or, if they are logits, any number but NaN. */
public final class UnitInterval implements ValueCheck {
    private final boolean logits;
    private final String message;

    /**
     * The check of a loss.
     *
     * @param logits whether inputs are logits of probabilities
     * @param message torch's message, with {@code %s} for input or target
     */
    public UnitInterval(boolean logits, String message) {
        this.logits = logits;
        this.message = message;
    }

    @Override
    public int firstRefused(Tile tile) {
        int n = tile.classes;
        if (acceptsAll(tile, Workspace.ofThread())) {
            return -1;
        }
        for (int r = 0; r < tile.rows; r++) {
            for (int i = r * n; i < r * n + n && !tile.skip[r]; i++) {
                if (!acceptsInput(tile.x[i]) || !isInside(tile.y[i])) {
                    return i;
                }
            }
        }
        return -1;
    }

    /** Whether all numbers are accepted; false also because of a skipped row. */
    private boolean acceptsAll(Tile tile, Workspace workspace) {
        int length = tile.rows * tile.classes;
        double[] work = workspace.a;
        double[] values = workspace.b;
        for (int at = 0; at < length; at += Workspace.CHUNK) {
            int n = Math.min(Workspace.CHUNK, length - at);
            System.arraycopy(tile.x, at, values, 0, n);
            boolean inputs = logits
                    ? !Double.isNaN(workspace.sum.of(values, 0, n))
                    : ElementKernel.areProbabilities(values, work, n, workspace);
            if (!inputs) {
                return false;
            }
            System.arraycopy(tile.y, at, values, 0, n);
            if (!ElementKernel.areProbabilities(values, work, n, workspace)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean acceptsInput(double x) {
        return logits ? !Double.isNaN(x) : isInside(x);
    }

    /** False outside and for NaN. */
    private static boolean isInside(double value) {
        return value >= 0 && value <= 1;
    }

    @Override
    public String message(boolean ofTarget) {
        return String.format(message, ofTarget ? "target" : "input");
    }
}
