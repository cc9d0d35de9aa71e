/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** What a loss demands of single numbers. It states that itself, with torch's words for a breach. */
public interface ValueCheck {
    /**
     * The first element of the tile, row after row, that is refused; skipped rows may hold anything.
     *
     * @param tile inputs and targets
     * @return its place in the tile's arrays, or -1
     */
    int firstRefused(Tile tile);

    /** Whether an input is accepted; of an element that is refused, the target is at fault then. */
    boolean acceptsInput(double x);

    /** What torch says. */
    String message(boolean ofTarget);
}
