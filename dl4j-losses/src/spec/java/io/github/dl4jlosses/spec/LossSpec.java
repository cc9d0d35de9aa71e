/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import io.github.dl4jlosses.EmptyMean;
import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.exact.ExactLoss;
import io.github.dl4jlosses.spec.exact.Places;
import io.github.dl4jlosses.spec.plain.PlainBatch;
import io.github.dl4jlosses.spec.plain.PlainResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a loss is, stated once: its options, torch's expression, the textbook's formula in plain loops, the same in high
 * precision, the numbers it takes, the heads that it sees through, its corners and refusals.
 *
 * <p>A description says all of that in its constructor and in four methods. None of them may be made from another, or from
 * the library's code: that they are written apart is what the proofs live on.
 *
 * @param <L> the loss
 * @param <B> its builder
 */
public abstract class LossSpec<L extends TorchLoss, B extends LossBuilder<B>> {
    /** Torch's warning of a target that is broadcast, with the sizes of target and input. */
    static final String BROADCASTING =
            "Using a target size (torch.Size(%s)) that is different to the input size (torch.Size(%s))."
                    + " This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.";

    private static final int MOST_DIMENSIONS = 5;

    private final Class<L> type;
    private final String shortName;
    private final Supplier<B> builder;
    private final InputRange input;
    private final List<OptionSpec<L, B, ?>> options = new ArrayList<>();
    private final Map<SpecHead, SpecHead> heads = new LinkedHashMap<>();
    private final List<GivenCall> corners = new ArrayList<>();
    private final List<GivenCall> refusals = new ArrayList<>();
    private final List<AccuracyFamily<B>> families = new ArrayList<>();
    private String inWords;
    private String otherShape;
    private boolean warnsOnly;
    private boolean namesTargetFirst;
    private boolean targetGradient = true;
    private final LossPage<B> page;

    LossSpec(Class<L> type, String shortName, Supplier<B> builder, InputRange input) {
        this.type = type;
        this.shortName = shortName;
        this.builder = builder;
        this.input = input;
        this.page = new LossPage<>(builder);
    }

    // ---- what a description says ----

    /** An option, in the order of the loss's own description. */
    protected final <T> void option(
            String name, String torchName, Function<L, T> getter, BiConsumer<B, T> setter, Domain<T> domain) {
        options.add(new OptionSpec<>(name, torchName, getter, setter, domain));
    }

    /** What {@code toString()} gives for the {@link #example} of the first form and two classes. */
    protected final void reads(String words) {
        inWords = words;
    }

    /** A head that the loss computes through: what its input then is, as a function of the pre-output. */
    protected final void sees(SpecHead head, SpecHead as) {
        heads.put(head, as);
    }

    /** A head that is applied before the loss, for tests of what the loss does not see through. */
    protected final void applied(SpecHead head) {
        heads.put(head, null);
    }

    /** Numbers that a reader will ask about. */
    protected final void corner(String words, Given in, Given target) {
        corner(words, same -> same, in, target);
    }

    /** Numbers that a reader will ask about, with options. */
    protected final void corner(String words, UnaryOperator<B> with, Given in, Given target) {
        corners.add(new GivenCall(words, with.apply(builder()).build(), in, target));
    }

    /** How torch's Python refuses a target of another shape, with the sizes of target and input. */
    protected final void refusesOtherShapes(String words) {
        otherShape = words;
    }

    /** How it warns of one, which is broadcast if it can be; here it is refused. */
    protected final void warnsOfOtherShapes(String words) {
        otherShape = words;
        warnsOnly = true;
    }

    /** Torch broadcasts them without a word, and names the target first where it cannot; here they are refused. */
    protected final void refusesToBroadcast(boolean targetFirst) {
        warnsOfOtherShapes(BROADCASTING);
        namesTargetFirst = targetFirst;
    }

    /** Torch has no gradient with respect to the target, whatever it holds. */
    protected final void hasNoTargetGradient() {
        targetGradient = false;
    }

    /** A call that torch refuses, and what our message names beside torch's words. */
    protected final void refuses(Given in, Given target, String place) {
        refuses(same -> same, in, target, place);
    }

    /** A call with options that torch refuses. */
    protected final void refuses(UnaryOperator<B> with, Given in, Given target, String place) {
        refusals.add(new GivenCall(place, with.apply(builder()).build(), in, target));
    }

    /** Numbers for which accuracy is measured; {@code words} go behind the short name. */
    protected final AccuracyFamily<B> accurate(
            String words,
            UnaryOperator<B> with,
            AccuracyFamily.Inputs inputs,
            AccuracyFamily.Targets targets,
            long... row) {
        return accurate(words, (loss, classes) -> with.apply(loss), inputs, targets, row);
    }

    /** The same with options that depend on the number of classes. */
    protected final AccuracyFamily<B> accurate(
            String words,
            AccuracyFamily.Options<B> with,
            AccuracyFamily.Inputs inputs,
            AccuracyFamily.Targets targets,
            long... row) {
        AccuracyFamily<B> family = new AccuracyFamily<>(
                words.isEmpty() ? shortName : shortName + ", " + words, with, inputs, targets, row);
        families.add(family);
        return family;
    }

    /** What targets may hold. */
    public abstract List<TargetForm> forms();

    /** What a target of floating numbers, or of whole ones, holds for torch. */
    public final TargetForm formOf(boolean floating) {
        return floating ? TargetForm.DENSE : forms().contains(TargetForm.LIST) ? TargetForm.LIST : TargetForm.INDEX;
    }

    /** Whether there is one loss for a row; else one for each number. */
    public abstract boolean isPerRow();

    /** The numbers of a target of the input's shape. */
    protected abstract TargetRange targets(L loss);

    /**
     * What {@code torch.nn.functional} calls, in TorchScript.
     *
     * @param reduction torch's number for it: 0 none, 1 mean, 2 sum
     * @return an expression over {@code x}, {@code t} and the options by torch's names, which are tensors
     */
    protected abstract String torch(L loss, int reduction);

    /** The textbook's formula. */
    protected abstract PlainResult plain(L loss, PlainBatch batch);

    /** The definition in high precision. */
    protected abstract ExactLoss exact(L loss);

    /** Inputs at which the loss has a kink whatever the target, so that differences of its values are no gradient. */
    protected double[] kinks(L loss) {
        return new double[0];
    }

    /** Whether the loss has a kink near a row of inputs, whatever the target. */
    protected boolean hasKink(L loss, double[] row, double within) {
        return Arrays.stream(kinks(loss))
                .anyMatch(kink -> Arrays.stream(row).anyMatch(x -> Math.abs(x - kink) <= within));
    }

    /** Whether the loss has a kink near a row of inputs, whatever the target, or a gradient that is no slope. */
    public final boolean hasKinkNear(TorchLoss loss, double[] row, double within) {
        L own = type.cast(loss);
        return hasKink(own, row, within)
                || IntStream.range(0, row.length)
                        .anyMatch(output -> isClamped(own, row[output] - within, output, row.length)
                                || isClamped(own, row[output] + within, output, row.length));
    }

    /**
     * Whether results are differences of numbers that do not belong together; in float32 they have the digits of these.
     * Where targets are 0 and 1 alone, none is.
     *
     * @param form of the targets
     * @param gradient whether gradients are; else losses
     */
    public final boolean isDifference(TorchLoss loss, TargetForm form, boolean gradient) {
        return hasDifferences(type.cast(loss), form, gradient);
    }

    /** See {@link #isDifference}. */
    protected boolean hasDifferences(L loss, TargetForm form, boolean gradient) {
        return false;
    }

    /** Whether torch's gradient with respect to an output is no slope of the value there: it goes past a clamp. */
    protected boolean isClamped(L loss, double input, int output, int outputs) {
        return false;
    }

    /** The numbers that the loss takes for an output, of so many in a row. */
    protected InputRange input(L loss, int output, int outputs) {
        return input;
    }

    /** How many outputs the loss takes for each number of a target. */
    public int outputsPerLabel() {
        return 1;
    }

    /** Whether the numbers of a row belong together: a single row is one example, and they are not masked apart. */
    public boolean takesRows() {
        return isPerRow();
    }

    /** Whether a direct call takes (C) or (N, C), no positions. */
    protected boolean takesRowsOnly() {
        return false;
    }

    /** Whether input and target of different shapes are broadcast. */
    public boolean broadcasts() {
        return false;
    }

    /** The options that say which form a target has. */
    protected List<OptionSpec<L, B, ?>> formatOptions() {
        return List.of();
    }

    /** Whether an option is varied with targets of this form. */
    protected boolean varies(OptionSpec<L, B, ?> option, TargetForm form) {
        return true;
    }

    /** The index of the rows that a loss of classes leaves out, if it has such an option. */
    public OptionalLong ignoreIndexOf(TorchLoss loss) {
        return OptionalLong.empty();
    }

    /** Whether an option tells which rows take no part. */
    public boolean leavesRowsOut(OptionSpec<?, ?, ?> option) {
        return false;
    }

    /** A builder for targets of this form. */
    protected B builder(TargetForm form) {
        return builder();
    }

    /** A builder for targets of this form, set up in one of the ways that there are for it. */
    protected B builder(TargetForm form, Random random) {
        return builder(form);
    }

    // ---- what proofs ask ----

    /** The loss's name, as torch has it. */
    public final String lossName() {
        return type.getSimpleName();
    }

    public final Class<L> type() {
        return type;
    }

    /** What the loss is called where there is little room, such as {@code KL}. */
    public final String shortName() {
        return shortName;
    }

    /** What {@code toString()} gives for the {@link #example} of the first form and two classes. */
    public final String inWords() {
        return inWords;
    }

    /** The name of its page and of its picture, such as {@code kl-div}. */
    public final String pageName() {
        return lossName()
                .replaceFirst("Loss$", "")
                .replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-")
                .toLowerCase(Locale.ROOT);
    }

    /** What pages say of it and show. */
    public final LossPage<B> page() {
        return page;
    }

    /** A builder with torch's defaults. */
    public final B builder() {
        return builder.get();
    }

    /** With torch's defaults. */
    public final TorchLoss defaults() {
        return builder().build();
    }

    /** With torch's defaults, for targets of this form. */
    public final TorchLoss defaults(TargetForm form) {
        return builder(form).build();
    }

    public final InputRange input() {
        return input;
    }

    /** The numbers that the loss takes at a place, in row-major order, of an input of this shape. */
    public final InputRange inputAt(TorchLoss loss, int place, long... shape) {
        Places places = new Places(shape);
        return input(type.cast(loss), places.outputOf(place), places.classes());
    }

    /** Whether the loss takes any numbers for all of its outputs. */
    public final boolean takesAnything(TorchLoss loss) {
        int outputs = outputsPerLabel();
        return IntStream.range(0, outputs)
                .allMatch(output -> input(type.cast(loss), output, outputs).takesAnything());
    }

    /** The shape of a target that has a number for each output, or for several. */
    public final long[] labelShape(long... inputShape) {
        long[] shape = inputShape.clone();
        if (outputsPerLabel() > 1) {
            shape[shape.length == 1 ? 0 : 1] /= outputsPerLabel();
        }
        return shape;
    }

    /** The shape of the input beside a target of this shape. */
    public final long[] inputShape(long... labelShape) {
        long[] shape = Arrays.copyOf(labelShape, Math.min(labelShape.length, mostDimensions()));
        if (outputsPerLabel() > 1) {
            shape[shape.length == 1 ? 0 : 1] *= outputsPerLabel();
        }
        return shape;
    }

    /** Whether torch's gradient with respect to an input at a place is no slope of the value, since it goes past a clamp. */
    public final boolean isClampedAt(TorchLoss loss, double input, int place, long... shape) {
        Places places = new Places(shape);
        return isClamped(type.cast(loss), input, places.outputOf(place), places.classes());
    }

    /** The options beside those of every loss. */
    public final List<OptionSpec<L, B, ?>> options() {
        return List.copyOf(options);
    }

    /** Every option of the builder that not every loss has. */
    public final List<OptionSpec<L, B, ?>> allOptions() {
        List<OptionSpec<L, B, ?>> all = new ArrayList<>(options);
        all.addAll(formatOptions());
        return all;
    }

    /** Those that are varied with targets of this form. */
    public final List<OptionSpec<L, B, ?>> options(TargetForm form) {
        List<OptionSpec<L, B, ?>> varied = new ArrayList<>(options);
        varied.removeIf(option -> !varies(option, form));
        return varied;
    }

    /** The heads to try, those that the loss sees through and some that it does not; the usual one first. */
    public final List<SpecHead> heads() {
        return List.copyOf(heads.keySet());
    }

    /** What stands between the pre-output and the input of torch's function: a loss sees through heads that belong to it. */
    public final SpecHead seen(SpecHead head) {
        SpecHead as = heads.get(head);
        return as == null ? head : as;
    }

    /** Whether the head belongs to the loss; else it is applied before. */
    public final boolean seesThrough(SpecHead head) {
        return heads.get(head) != null;
    }

    /** Whether the loss computes the head and itself in one: without rounding in between, for numbers of any size. */
    public final boolean isFused(SpecHead head) {
        SpecHead as = heads.get(head);
        return as != null && as != SpecHead.SIGMOID;
    }

    /** How a target of another shape is refused, with the sizes of target and input; null where there is no such rule. */
    public final String otherShape() {
        return otherShape;
    }

    /** Whether torch only warns of a target of another shape, so that its kernel refuses those that are not broadcast. */
    public final boolean warnsOnly() {
        return warnsOnly;
    }

    /** How many dimensions the input of a direct call may have. */
    public final int mostDimensions() {
        return takesRowsOnly() ? 2 : MOST_DIMENSIONS;
    }

    /** Whether torch's message about shapes that cannot be broadcast names the target first. */
    public final boolean namesTargetFirst() {
        return namesTargetFirst;
    }

    /** Whether the loss takes what a head makes of numbers from 0 to 1: log-probabilities are no probabilities. */
    public final boolean takes(SpecHead head) {
        return input.takesAnything() || head != SpecHead.LOG_SOFTMAX;
    }

    public final List<GivenCall> corners() {
        return List.copyOf(corners);
    }

    public final List<GivenCall> refusals() {
        return List.copyOf(refusals);
    }

    public final List<AccuracyFamily<B>> families() {
        return List.copyOf(families);
    }

    /** Whether the target of this form has a gradient. */
    public final boolean hasTargetGradient(TargetForm form) {
        return targetGradient && form == TargetForm.DENSE;
    }

    public final TargetRange targetsOf(TorchLoss loss) {
        return targets(type.cast(loss));
    }

    /**
     * Torch's counterpart of a loss with its options.
     *
     * @param reduction null for the losses as they are
     * @return TorchScript over {@code x}, {@code t} and the options by torch's names
     */
    public final String torchOf(TorchLoss loss, Reduction reduction) {
        int code = reduction == null ? 0 : reduction == Reduction.MEAN ? 1 : 2;
        String expression = torch(type.cast(loss), code);
        // as torch.nn.functional.kl_div does it; a scalar, or a single row of classes, has no batch
        return reduction == Reduction.BATCHMEAN
                ? "torch.div(" + expression + ", x.size(0) if x.dim() > " + (takesRows() ? 1 : 0) + " else 1)"
                : expression;
    }

    public final PlainResult plainOf(TorchLoss loss, PlainBatch batch) {
        return plain(type.cast(loss), batch);
    }

    public final ExactLoss exactOf(TorchLoss loss) {
        return exact(type.cast(loss));
    }

    /** Those that are measured at odd numbers of classes: those that say so, or the last. */
    public final List<AccuracyFamily<B>> familiesAtOddSizes() {
        List<AccuracyFamily<B>> odd = new ArrayList<>(families);
        odd.removeIf(family -> !family.isAtOddSizes());
        return odd.isEmpty() ? families.subList(families.size() - 1, families.size()) : odd;
    }

    /** The values of a loss's own options, by {@link #options}; null for one that is not set. */
    public final Map<OptionSpec<L, B, ?>, Object> valuesOf(TorchLoss loss) {
        Map<OptionSpec<L, B, ?>, Object> values = new LinkedHashMap<>();
        options.forEach(option -> values.put(option, option.of(type.cast(loss))));
        return values;
    }

    /** Every combination of the choices of {@link #options(TargetForm)}, in their order. */
    public final List<List<Choice<?>>> combinations(TargetForm form) {
        return combinations(options(form), option -> List.copyOf(option.domain().choices()));
    }

    private <T> List<List<T>> combinations(
            List<OptionSpec<L, B, ?>> varied, Function<OptionSpec<L, B, ?>, List<T>> values) {
        List<List<T>> all = List.of(List.of());
        for (OptionSpec<L, B, ?> option : varied) {
            List<List<T>> longer = new ArrayList<>();
            for (List<T> some : all) {
                for (T value : values.apply(option)) {
                    List<T> more = new ArrayList<>(some);
                    more.add(value);
                    longer.add(more);
                }
            }
            all = longer;
        }
        return all;
    }

    /** A builder with one of the {@link #combinations}, for so many classes. */
    public final B chosen(TargetForm form, List<Choice<?>> choices, Random random, int classes) {
        Iterator<Choice<?>> next = choices.iterator();
        return put(builder(form), options(form), option -> next.next().value(random, classes));
    }

    /** A builder whose own options are drawn, for the fuzz. */
    public final B drawn(TargetForm form, Random random, int classes) {
        return put(
                builder(form, random), options(form), option -> option.domain().draw(random, classes));
    }

    /** A builder whose own options are all in use, always with the same values. */
    public final B example(TargetForm form, int classes) {
        return put(builder(form), options(form), option -> option.domain().example(classes));
    }

    /** A loss like the {@link #example}, where the options of every loss are in use too. */
    public final TorchLoss inUse(TargetForm form, int classes) {
        return example(form, classes)
                .reduction(Reduction.BATCHMEAN)
                .miniBatch(false)
                .positionsPerExample(12)
                .emptyMean(EmptyMean.ZERO)
                .factor(.3)
                .build();
    }

    private B put(B into, List<OptionSpec<L, B, ?>> which, Function<OptionSpec<L, B, ?>, Object> values) {
        which.forEach(option -> own(option).put(into, values.apply(option)));
        return into;
    }

    /** A builder with torch's defaults but for one option, which is handed the value as it is. */
    public final B with(OptionSpec<?, ?, ?> option, Object value) {
        B changed = builder();
        own(option).set(changed, value);
        return changed;
    }

    /** The value of one of {@link #allOptions}; null for none. */
    public final Object valueOf(TorchLoss loss, OptionSpec<?, ?, ?> option) {
        return own(option).of(type.cast(loss));
    }

    /** The default, and each option by itself at each of its extremes. */
    public final List<B> atExtremes() {
        List<B> all = new ArrayList<>(List.of(builder()));
        for (OptionSpec<L, B, ?> option : options) {
            for (Object extreme : option.domain().extremes()) {
                all.add(with(option, extreme));
            }
        }
        return all;
    }

    /** Every mixture of defaults and extremes. */
    public final List<B> atMixedExtremes() {
        return combinations(options, LossSpec::usualAndExtremes).stream()
                .map(mixture -> {
                    Iterator<Object> next = mixture.iterator();
                    return put(builder(), options, option -> next.next());
                })
                .collect(Collectors.toUnmodifiableList());
    }

    /** Null for the default. */
    private static List<Object> usualAndExtremes(OptionSpec<?, ?, ?> option) {
        List<Object> values = new ArrayList<>(option.domain().extremes());
        values.add(0, null);
        return values;
    }

    /** Sets each option that holds one number per class or output. */
    public final void putWeights(B builder, double... numbers) {
        options.stream()
                .filter(OptionSpec::isWeight)
                .forEach(option -> own(option).put(builder, numbers));
    }

    /** A builder like a loss for targets of this form, but one option is left at its default; null leaves out none. */
    public final B without(TorchLoss loss, OptionSpec<?, ?, ?> forgotten, TargetForm form) {
        B copy = builder(form)
                .reduction(loss.getReduction())
                .miniBatch(loss.isMiniBatch())
                .positionsPerExample(loss.getPositionsPerExample())
                .emptyMean(loss.getEmptyMean())
                .factor(loss.getFactor());
        return put(copy, allOptions(), option -> option == forgotten ? null : valueOf(loss, option));
    }

    /** Its values are its own: they are never mixed up with those of another option. */
    @SuppressWarnings("unchecked")
    private OptionSpec<L, B, Object> own(OptionSpec<?, ?, ?> option) {
        return (OptionSpec<L, B, Object>) option;
    }

    @Override
    public final String toString() {
        return lossName();
    }
}
