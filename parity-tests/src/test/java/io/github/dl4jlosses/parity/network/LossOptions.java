/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.LossBuilder;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.Choice;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.TargetForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A loss with options in use, and the form of the labels that go with it.
 *
 * @param spec the loss
 * @param form what a label holds
 * @param values what its own options are
 */
record LossOptions(LossSpec<?, ?> spec, TargetForm form, Values values, Reduction reduction) {
    private static final int CLASSES = LayerKind.CLASSES;

    /** What the options of a loss are, beside those of every loss. */
    enum Values {
        /** Torch's defaults. */
        DEFAULT,
        /** The description's examples, and a factor: every option is in use. */
        EXAMPLE,
        /** For each option the last of those that every proof tries; a class is ignored, for instance. */
        LAST
    }

    /** Every loss with every form of labels: as torch has it, and all of its options in use under each reduction. */
    static List<LossOptions> all() {
        List<LossOptions> all = new ArrayList<>();
        for (LossSpec<?, ?> spec : LossSpecs.all()) {
            for (TargetForm form : spec.forms()) {
                all.add(new LossOptions(spec, form, Values.DEFAULT, Reduction.MEAN));
                if (!spec.options(form).isEmpty()) {
                    all.add(new LossOptions(spec, form, Values.LAST, Reduction.MEAN));
                }
                Stream.of(Reduction.values())
                        .filter(reduction -> reduction != Reduction.MEAN)
                        .forEach(reduction -> all.add(new LossOptions(spec, form, Values.EXAMPLE, reduction)));
            }
        }
        return all;
    }

    /** Those whose labels have the shape of the output, as DL4J's own iterators give them. */
    static Stream<LossOptions> ofOutputShape() {
        return all().stream().filter(options -> options.form != TargetForm.INDEX);
    }

    /** A loss as torch has it. */
    static LossOptions defaults(Class<? extends TorchLoss> loss, TargetForm form) {
        return new LossOptions(LossSpecs.of(loss), form, Values.DEFAULT, Reduction.MEAN);
    }

    /** The mean of a loss with all of its options in use. */
    static LossOptions inUse(Class<? extends TorchLoss> loss, TargetForm form) {
        return new LossOptions(LossSpecs.of(loss), form, Values.EXAMPLE, Reduction.MEAN);
    }

    TorchLoss loss() {
        return loss(Convention.DEFAULT);
    }

    TorchLoss loss(Convention convention) {
        return built(spec, convention);
    }

    private <B extends LossBuilder<B>> TorchLoss built(LossSpec<?, B> of, Convention convention) {
        return convention.on(builder(of)).reduction(reduction).build();
    }

    private <B extends LossBuilder<B>> B builder(LossSpec<?, B> of) {
        List<List<Choice<?>>> choices = of.combinations(form);
        // the same numbers each time
        Random random = new Random(1);
        return switch (values) {
            case DEFAULT -> of.chosen(form, choices.get(0), random, CLASSES);
            case EXAMPLE -> of.example(form, CLASSES).factor(.3);
            case LAST -> of.chosen(form, choices.get(choices.size() - 1), random, CLASSES);
        };
    }

    /** Whether a row has a class, in one form or the other. */
    boolean areClasses() {
        return form != TargetForm.DENSE;
    }

    /** The class that takes no part, if the loss has such an option. */
    OptionalLong ignoreIndex() {
        return ignoreIndex(loss());
    }

    static OptionalLong ignoreIndex(TorchLoss loss) {
        return LossSpecs.of(loss).ignoreIndexOf(loss);
    }

    /** What weights may multiply a loss by. */
    double largestWeight() {
        return spec.valuesOf(loss()).values().stream()
                .filter(double[].class::isInstance)
                .mapToDouble(
                        weights -> DoubleStream.of((double[]) weights).max().orElseThrow())
                .reduce(1, (one, other) -> one * other);
    }

    @Override
    public String toString() {
        return String.join(" ", spec.shortName(), form.toString(), values.toString(), reduction.toString())
                .toLowerCase(Locale.ROOT);
    }
}
