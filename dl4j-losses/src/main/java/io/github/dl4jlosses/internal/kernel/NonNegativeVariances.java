/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** Accepts a second half of each row without negative numbers; NaN is accepted. */
public final class NonNegativeVariances implements ValueCheck {
    private final String message;

    /**
     * The check of a loss.
     *
     * @param message torch's message
     */
    public NonNegativeVariances(String message) {
        this.message = message;
    }

    @Override
    public int firstRefused(Tile tile) {
        int n = tile.classes;
        for (int r = 0; r < tile.rows; r++) {
            for (int i = r * n + n / 2; i < r * n + n && !tile.skip[r]; i++) {
                if (!acceptsInput(tile.x[i])) {
                    return i;
                }
            }
        }
        return -1;
    }

    @Override
    public boolean acceptsInput(double x) {
        return !(x < 0);
    }

    @Override
    public String message(boolean ofTarget) {
        return message;
    }
}
