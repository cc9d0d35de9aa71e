/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.exact.ExactPair;
import io.github.dl4jlosses.spec.plain.PlainBatch;
import io.github.dl4jlosses.spec.plain.PlainPair;
import io.github.dl4jlosses.spec.plain.PlainResult;
import java.util.List;
import java.util.function.Supplier;

/**
 * A loss of two outputs for each number of its target, one from each half of a row, whose mean divides by the numbers.
 *
 * @param <L> the loss
 * @param <B> its builder
 */
public abstract class PairSpec<L extends TorchLoss, B extends LossBuilder<B>> extends LossSpec<L, B> {
    /** In TorchScript: the class dimension of {@code x}, and the halves along it. */
    private static final String HALF = "torch.slice(x, min(x.dim() - 1, 1), %1$s, %2$s)";

    private static final String MIDDLE = "x.size(min(x.dim() - 1, 1)) // 2";
    protected static final String FIRST = String.format(HALF, "0", MIDDLE);
    protected static final String SECOND = String.format(HALF, MIDDLE, "x.size(min(x.dim() - 1, 1))");

    protected PairSpec(Class<L> type, String shortName, Supplier<B> builder, InputRange input) {
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

    @Override
    public final int outputsPerLabel() {
        return 2;
    }

    @Override
    public final boolean takesRows() {
        return true;
    }

    /** The textbook's formula of one number. */
    protected abstract PlainPair plain(L loss);

    @Override
    protected final PlainResult plain(L loss, PlainBatch batch) {
        return plain(loss).of(batch);
    }

    /** The definition in high precision. */
    @Override
    protected abstract ExactPair exact(L loss);
}
