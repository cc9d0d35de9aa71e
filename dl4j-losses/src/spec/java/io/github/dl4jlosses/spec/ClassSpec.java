/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A loss of rows that have a class each: class weights, ignored rows, targets of several forms.
 *
 * @param <L> the loss
 * @param <B> its builder
 */
public abstract class ClassSpec<L extends TorchLoss, B extends LossBuilder<B>> extends LossSpec<L, B> {
    private static final long DEFAULT_IGNORE_INDEX = -100;

    private final OptionSpec<L, B, TargetFormat> format;
    private Function<L, Long> ignoreIndex;
    private String wrongClass = "Target %d is out of bounds.";
    private String wrongWeights = "weight tensor should be defined either for all";

    protected ClassSpec(
            Class<L> type,
            String shortName,
            Supplier<B> builder,
            InputRange input,
            Function<L, TargetFormat> formatGetter,
            BiConsumer<B, TargetFormat> formatSetter) {
        super(type, shortName, builder, input);
        format = new OptionSpec<>(
                "targetFormat",
                null,
                formatGetter,
                formatSetter,
                Domain.of("target format", TargetFormat.AUTO, TargetFormat.ONE_HOT));
    }

    /** The option that leaves rows out. */
    protected final void ignoring(Function<L, Long> getter, BiConsumer<B, Long> setter) {
        ignoreIndex = getter;
        option(
                "ignoreIndex",
                "ignore_index",
                getter,
                setter,
                Domain.of("ignore_index", DEFAULT_IGNORE_INDEX)
                        .or(
                                "ignored rows",
                                (random, classes) ->
                                        new long[] {-100, -1, 255L + classes, Long.MIN_VALUE}[random.nextInt(4)])
                        .or("ignoring a class", (random, classes) -> (long) random.nextInt(classes))
                        .drawing((random, classes) ->
                                new long[] {random.nextInt(Math.max(1, classes)), 120, -1, -100}[random.nextInt(4)])
                        .example((random, classes) -> 255L)
                        .taking(Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40)
                        .namedAlways());
    }

    /** How torch refuses an index that is no class, and weights of another number than classes. */
    protected final void refusesInOtherWords(String noClass, String weights) {
        wrongClass = noClass;
        wrongWeights = weights;
    }

    /** How torch refuses an index that is no class. */
    public final String wrongClass(long index) {
        return String.format(Locale.ROOT, wrongClass, index);
    }

    /** How torch refuses weights of another number than classes. */
    public final String wrongWeights() {
        return wrongWeights;
    }

    @Override
    public final OptionalLong ignoreIndexOf(TorchLoss loss) {
        return ignoreIndex == null ? OptionalLong.empty() : OptionalLong.of(ignoreIndex.apply(type().cast(loss)));
    }

    /** What a target holds is told by {@link TargetForm} where a loss is made, so that it is none of {@link #options}. */
    @Override
    protected final List<OptionSpec<L, B, ?>> formatOptions() {
        return List.of(format);
    }

    @Override
    public final boolean isPerRow() {
        return true;
    }

    @Override
    public final boolean leavesRowsOut(OptionSpec<?, ?, ?> option) {
        return option.name().equals("ignoreIndex");
    }

    /** A class cannot be ignored where every class has a probability. */
    @Override
    protected final boolean varies(OptionSpec<L, B, ?> option, TargetForm form) {
        return !(leavesRowsOut(option) && form == TargetForm.DENSE);
    }

    @Override
    protected final B builder(TargetForm form) {
        B builder = builder();
        if (form == TargetForm.ONE_HOT) {
            format.put(builder, TargetFormat.ONE_HOT);
        }
        return builder;
    }
}
