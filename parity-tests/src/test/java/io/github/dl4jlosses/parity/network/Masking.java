/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.spec.SpecHead;

/** What a label mask leaves out, in each form that DL4J takes. */
enum Masking {
    NONE,
    /** Whole examples: [N, 1], for sequences [N, T]. */
    EXAMPLES,
    /** Time steps or pixels: [N, T], [N, H, W]. */
    POSITIONS,
    /** Single outputs: [N, C, ..]. */
    OUTPUTS,
    /** Whole rows, written as a mask of single outputs. */
    ROWS_OF_OUTPUTS,
    /** Nothing is left. */
    EVERYTHING;

    /** Whether there is such a mask, and the loss may have it. */
    boolean isMeaningful(LayerKind layer, LossOptions options, SpecHead head) {
        boolean onePerRow = head.couplesOutputs() || options.spec().takesRows();
        return this == POSITIONS ? layer.hasPositions() : this != OUTPUTS || !onePerRow;
    }

    boolean isPerOutput() {
        return this == OUTPUTS;
    }

    boolean hasOutputShape() {
        return this == OUTPUTS || this == ROWS_OF_OUTPUTS;
    }
}
