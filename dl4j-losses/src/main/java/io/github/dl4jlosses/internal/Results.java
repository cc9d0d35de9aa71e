/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

import io.github.dl4jlosses.internal.memory.Rows;

/** Where the results of a run go; null: nowhere. */
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

    Results(Rows gradient, Rows targetGradient, Rows losses, LossOf lossOf, boolean wantsLoss) {
        this.gradient = gradient;
        this.targetGradient = targetGradient;
        this.losses = losses;
        this.lossOf = lossOf;
        this.wantsLoss = wantsLoss;
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
