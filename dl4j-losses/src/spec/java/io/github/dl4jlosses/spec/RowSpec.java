/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.exact.ExactElement;
import io.github.dl4jlosses.spec.exact.ExactLoss;
import io.github.dl4jlosses.spec.plain.PlainBatch;
import io.github.dl4jlosses.spec.plain.PlainElement;
import io.github.dl4jlosses.spec.plain.PlainResult;
import java.util.List;
import java.util.function.Supplier;

/**
 * A loss of single rows with targets of the input's shape: the mean over the outputs, and a mean over rows. In a direct call
 * there are rows of classes only.
 *
 * @param <L> the loss
 * @param <B> its builder
 */
public abstract class RowSpec<L extends TorchLoss, B extends LossBuilder<B>> extends LossSpec<L, B> {
    protected RowSpec(Class<L> type, String shortName, Supplier<B> builder, InputRange input) {
        super(type, shortName, builder, input);
    }

    @Override
    public final List<TargetForm> forms() {
        return List.of(TargetForm.DENSE);
    }

    @Override
    public final boolean isPerRow() {
        return true;
    }

    @Override
    protected final boolean takesRowsOnly() {
        return true;
    }

    /** The textbook's formula of one number, weights included. */
    protected abstract PlainElement plain(L loss);

    @Override
    protected final PlainResult plain(L loss, PlainBatch batch) {
        return plain(loss).ofRows(batch, hasTargetGradient(TargetForm.DENSE));
    }

    /** The definition of one number in high precision, weights included. */
    protected abstract ExactElement exactElement(L loss);

    @Override
    protected final ExactLoss exact(L loss) {
        return exactElement(loss).meanOfRows();
    }
}
