/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.TorchLoss;
import java.util.List;
import java.util.function.Supplier;

/**
 * A loss of rows that have a list of classes each. In a direct call there are rows of classes only.
 *
 * @param <L> the loss
 * @param <B> its builder
 */
public abstract class ListSpec<L extends TorchLoss, B extends LossBuilder<B>> extends LossSpec<L, B> {
    protected ListSpec(Class<L> type, String shortName, Supplier<B> builder, InputRange input) {
        super(type, shortName, builder, input);
    }

    @Override
    public final List<TargetForm> forms() {
        return List.of(TargetForm.LIST);
    }

    @Override
    public final boolean isPerRow() {
        return true;
    }

    @Override
    protected final boolean takesRowsOnly() {
        return true;
    }

    @Override
    protected final TargetRange targets(L loss) {
        return TargetRange.CLASS_LISTS;
    }
}
