/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.OptionSpec;
import io.github.dl4jlosses.spec.plain.PlainResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A mistake that a loss could have, put in on purpose: a comparison that does not notice it proves nothing.
 *
 * <pre>{@code
 * List<String> caught = LossCheck.differences(example, Fault.SIGN.of(example));
 * }</pre>
 */
public record Fault(
        String name,
        String what,
        Predicate<LossSpec<?, ?>> concerns,
        Predicate<GridCase> canShow,
        Function<GridCase, Subject> wrong) {
    /** The gradient points the other way. */
    public static final Fault SIGN =
            new Fault("sign", "the gradient points the other way", spec -> true, example -> true, Fault::turned);

    /** The mean divides by the number of elements, whatever the loss's denominator is. */
    public static final Fault DENOMINATOR = new Fault(
            "denominator",
            "the mean divides by the number of elements",
            spec -> true,
            Fault::hasOtherDenominator,
            Fault::overElements);

    /** The two above, and for each option of each loss that it is forgotten, in a fixed order. */
    public static List<Fault> all() {
        List<Fault> all = new ArrayList<>(List.of(SIGN, DENOMINATOR));
        LossSpecs.all().forEach(spec -> addForgotten(all, spec));
        return all;
    }

    private static <L extends TorchLoss, B extends LossBuilder<B>> void addForgotten(
            List<Fault> all, LossSpec<L, B> spec) {
        for (OptionSpec<L, B, ?> option : spec.options()) {
            all.add(new Fault(
                    spec.lossName() + "." + option.name(),
                    "the option is forgotten",
                    other -> other == spec,
                    example -> matters(example, option),
                    example -> Subject.of(example, without(spec, example, option))));
        }
    }

    private static <B extends LossBuilder<B>> TorchLoss without(
            LossSpec<?, B> spec, GridCase example, OptionSpec<?, ?, ?> option) {
        return spec.without(example.loss(), option, example.form()).build();
    }

    /** Whether by the plain formulas an option changes anything. */
    private static boolean matters(GridCase example, OptionSpec<?, ?, ?> option) {
        PlainResult right = example.plain(example.loss());
        PlainResult wrong;
        try {
            wrong = example.plain(without(example.spec(), example, option));
        } catch (IndexOutOfBoundsException e) {
            return true; // a row that was left out has no class
        }
        return right.meanDenominator != wrong.meanDenominator
                || !Arrays.deepEquals(right.losses, wrong.losses)
                || !Arrays.deepEquals(right.gradient, wrong.gradient)
                || !Arrays.deepEquals(right.targetGradient, wrong.targetGradient);
    }

    private static Subject turned(GridCase example) {
        Subject right = Subject.of(example);
        double[] gradient = Arrays.stream(right.gradient()).map(g -> -g).toArray();
        return right.with(right.value(), gradient);
    }

    private static boolean hasOtherDenominator(GridCase example) {
        return example.loss().getReduction() == Reduction.MEAN
                && example.plain(example.loss()).meanDenominator
                        != example.input().length();
    }

    private static Subject overElements(GridCase example) {
        Subject summed = Subject.of(example, sum(example.spec(), example));
        double elements = example.input().length();
        double[] gradient =
                Arrays.stream(summed.gradient()).map(g -> g / elements).toArray();
        return Subject.of(example).with(summed.value() / elements, gradient);
    }

    private static <B extends LossBuilder<B>> TorchLoss sum(LossSpec<?, B> spec, GridCase example) {
        return spec.without(example.loss(), null, example.form())
                .reduction(Reduction.SUM)
                .build();
    }

    /** Whether a loss can make the mistake; else no case of it can show it. */
    public boolean concerns(LossSpec<?, ?> spec) {
        return concerns.test(spec);
    }

    /** Whether a case has what the mistake is about; else it would change nothing. */
    public boolean canShow(GridCase example) {
        return concerns(example.spec()) && canShow.test(example);
    }

    /**
     * The results of a case's loss with the mistake; an IllegalArgumentException where it makes a call that is
     * refused.
     */
    public Subject of(GridCase example) {
        return wrong.apply(example);
    }

    /** What is wrong in one word, or the option that is forgotten. */
    @Override
    public String toString() {
        return name;
    }
}
