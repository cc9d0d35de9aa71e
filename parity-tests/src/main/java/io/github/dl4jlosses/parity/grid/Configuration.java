/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.Choice;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.OptionSpec;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * One point of the options grid: a loss, a choice for each of its options, and the kind of numbers it gets.
 *
 * <pre>{@code
 * Configuration.grid(TorchType.FLOAT32, TorchType.FLOAT64).size();
 * }</pre>
 *
 * @param spec the description of the loss
 * @param form what the target holds
 * @param choices one for each of the options that are varied with this form, in their order
 * @param reduction the reduction
 * @param type the type of the input
 * @param rank the rank of the input
 * @param magnitude the standard deviation of the logits
 */
public record Configuration(
        LossSpec<?, ?> spec,
        TargetForm form,
        List<Choice<?>> choices,
        Reduction reduction,
        TorchType type,
        int rank,
        double magnitude) {
    private static final double[] MAGNITUDES = {.1, 1, 10, 100};

    /**
     * Every combination of options, types, ranks from 1 to the loss's most dimensions and magnitudes .1 to 100, for every
     * loss that has a description, in a fixed order.
     */
    public static List<Configuration> grid(TorchType... types) {
        List<Configuration> grid = new ArrayList<>();
        for (LossSpec<?, ?> spec : LossSpecs.all()) {
            for (TargetForm form : spec.forms()) {
                for (List<Choice<?>> choices : spec.combinations(form)) {
                    for (Reduction reduction : Reduction.values()) {
                        addAll(grid, spec, form, choices, reduction, types);
                    }
                }
            }
        }
        return grid;
    }

    private static void addAll(
            List<Configuration> grid,
            LossSpec<?, ?> spec,
            TargetForm form,
            List<Choice<?>> choices,
            Reduction reduction,
            TorchType... types) {
        for (TorchType type : types) {
            for (int rank = 1; rank <= spec.mostDimensions(); rank++) {
                for (double magnitude : MAGNITUDES) {
                    grid.add(new Configuration(spec, form, choices, reduction, type, rank, magnitude));
                }
            }
        }
    }

    /** The configuration of the grid whose {@link #toString} a failing case names. */
    public static Configuration parse(String text) {
        return grid(TorchType.FLOAT64, TorchType.FLOAT32, TorchType.FLOAT16, TorchType.BFLOAT16).stream()
                .filter(configuration -> configuration.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No configuration of the grid is '" + text
                        + "'; one is '" + grid(TorchType.FLOAT32).get(0) + "'"));
    }

    /** What makes the same numbers of a seed, reduced in another way. */
    public Configuration reducedBy(Reduction other) {
        return new Configuration(spec, form, choices, other, type, rank, magnitude);
    }

    /** The loss's name as torch has it, such as {@code KLDivLoss}. */
    public String lossName() {
        return spec.lossName();
    }

    /**
     * What the target holds, each option that is not at its default, and the reduction: {@code one-hot, weight,
     * ignored rows, mean}.
     */
    public String options() {
        return words(
                        switch (form) {
                            case INDEX -> "indices";
                            case ONE_HOT -> "one-hot";
                            case DENSE -> dense();
                        },
                        option -> true)
                + ", " + reduction.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The options that change the arithmetic, such as {@code classes, weight}: what is alike in these can share a row
     * of a table.
     */
    public String arithmetic() {
        return words(form == TargetForm.DENSE ? dense() : "classes", option -> !spec.leavesRowsOut(option));
    }

    private String dense() {
        return spec.isPerRow() ? "probabilities" : "targets";
    }

    private String words(String target, Predicate<OptionSpec<?, ?, ?>> which) {
        StringBuilder words = new StringBuilder(target);
        for (int i = 0; i < choices.size(); i++) {
            if (!choices.get(i).isUsual() && which.test(spec.options(form).get(i))) {
                words.append(", ").append(choices.get(i));
            }
        }
        return words.toString();
    }

    /** Whether an option is one of this loss and not at its default. */
    public boolean uses(OptionSpec<?, ?, ?> option) {
        int place = spec.options(form).indexOf(option);
        return place >= 0 && !choices.get(place).isUsual();
    }

    /** All of it, in a line for {@link #parse}. */
    @Override
    public String toString() {
        return lossName() + ": " + options() + ", " + type.name().toLowerCase(Locale.ROOT) + ", rank " + rank
                + ", magnitude " + magnitude;
    }
}
