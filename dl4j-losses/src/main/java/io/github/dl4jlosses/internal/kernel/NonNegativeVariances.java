/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** The second half of each row is not negative; NaN is not. */
public final class NonNegativeVariances implements ValueCheck {
    private final String message;

    /**
     * The demand of a loss.
     *
     * @param message what torch says
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
