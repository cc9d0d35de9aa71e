/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

import io.github.dl4jlosses.internal.memory.Rows;

/** What is asked of a pass, and where it goes; null: nowhere. */
final class Results {
    final Rows gradient;
    final Rows targetGradient;
    final Rows losses;
    final LossOf lossOf;
    /** Whether the sum of the losses is wanted, or losses are. */
    final boolean wantsLoss;

    /** What a written loss is one of. */
    enum LossOf {
        ELEMENT,
        ROW_SUM,
        ROW_MEAN
    }

    private Results(Rows gradient, Rows targetGradient, Rows losses, LossOf lossOf, boolean wantsLoss) {
        this.gradient = gradient;
        this.targetGradient = targetGradient;
        this.losses = losses;
        this.lossOf = lossOf;
        this.wantsLoss = wantsLoss;
    }

    /** The sum of the losses alone. */
    static Results sum() {
        return new Results(null, null, null, LossOf.ELEMENT, true);
    }

    /** The gradient alone, which takes less. */
    static Results gradient(Rows gradient) {
        return new Results(gradient, null, null, LossOf.ELEMENT, false);
    }

    /** The sum of the losses and the gradient. */
    static Results sumAndGradient(Rows gradient) {
        return new Results(gradient, null, null, LossOf.ELEMENT, true);
    }

    /** The target's gradient. */
    static Results targetGradient(Rows targetGradient) {
        return new Results(null, targetGradient, null, LossOf.ELEMENT, true);
    }

    /** Losses, unreduced, or one number for each row. */
    static Results losses(Rows losses, LossOf lossOf) {
        return new Results(null, null, losses, lossOf, true);
    }

    /** For another thread. */
    Results copy() {
        return new Results(copy(gradient), copy(targetGradient), copy(losses), lossOf, wantsLoss);
    }

    private static Rows copy(Rows rows) {
        return rows == null ? null : rows.copy();
    }

    /** To be called once all is written. */
    void written() {
        written(gradient);
        written(targetGradient);
        written(losses);
    }

    private static void written(Rows rows) {
        if (rows != null) {
            rows.written();
        }
    }
}
