/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.exact.ExactElement;
import io.github.dl4jlosses.spec.plain.PlainBatch;
import io.github.dl4jlosses.spec.plain.PlainElement;
import io.github.dl4jlosses.spec.plain.PlainResult;
import java.util.List;
import java.util.function.Supplier;

/**
 * A loss of single numbers with targets of the input's shape, whose mean divides by their number.
 *
 * @param <L> the loss
 * @param <B> its builder
 */
public abstract class ElementSpec<L extends TorchLoss, B extends LossBuilder<B>> extends LossSpec<L, B> {
    protected ElementSpec(Class<L> type, String shortName, Supplier<B> builder, InputRange input) {
        super(type, shortName, builder, input);
    }

    @Override
    public final List<TargetForm> forms() {
        return List.of(TargetForm.DENSE);
    }

    @Override
    public final boolean isPerRow() {
        return false;
    }

    /** The textbook's formula of one number, weights included. */
    protected abstract PlainElement plain(L loss);

    @Override
    protected final PlainResult plain(L loss, PlainBatch batch) {
        return plain(loss).of(batch, hasTargetGradient(TargetForm.DENSE));
    }

    /** The definition in high precision, weights included. */
    @Override
    protected abstract ExactElement exact(L loss);
}
