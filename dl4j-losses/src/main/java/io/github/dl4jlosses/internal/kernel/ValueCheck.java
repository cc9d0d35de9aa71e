/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** A check of single numbers, with torch's message for those it refuses. */
public interface ValueCheck {
    /** The place of the tile's first refused element, row after row, or -1; skipped rows may hold anything. */
    int firstRefused(Tile tile);

    /** Whether an input is accepted; if it is and the element is refused, the target is at fault. */
    boolean acceptsInput(double x);

    /** Torch's message. */
    String message(boolean ofTarget);
}
