/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** What a loss demands of single numbers. It states that itself, with torch's words for a breach. */
public interface ValueCheck {
    /** The place of the tile's first element, row after row, that is refused, or -1; skipped rows may hold anything. */
    int firstRefused(Tile tile);

    /** Whether an input is accepted; of an element that is refused, the target is at fault then. */
    boolean acceptsInput(double x);

    /** What torch says. */
    String message(boolean ofTarget);
}
