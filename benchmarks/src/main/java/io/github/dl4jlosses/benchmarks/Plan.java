/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What is measured, and how long that may take. Whole runs have to end within the hour: the first form, dtype and number of threads
 * have everything, the others what the targets and the summary need, and of the less common losses fewer shapes and iterations.
 */
record Plan(BenchmarkOptions options) {
    /** The shapes of sequences and of a vocabulary say nothing new about a loss that has no classes. */
    private static final Set<String> NOT_OF_OTHERS = Set.of("32x50x100", "256x50257");

    private static final Set<String> SHAPES_OF_OTHERS = Set.of("128x1000", "4096x1000");

    /** In the other forms. */
    private static final Set<String> SHAPE_IN_CACHE = Set.of("128x1000");

    /**
     * In an order in which those that are compared are measured one after the other: a machine is not the same all the time.
     */
    List<Group> groups() {
        List<Group> groups = new ArrayList<>();
        for (int threads : options.threads()) {
            for (Dtype dtype : options.dtypes()) {
                for (LossKind loss : options.losses()) {
                    options.forms().forEach(form -> groups.add(Group.of(form, loss, dtype, threads)));
                }
                groups.add(Group.of(options.base(), Part.SEQUENCES, dtype, threads));
                groups.add(Group.of(options.base(), Part.NETWORKS, dtype, threads));
            }
        }
        groups.removeIf(group -> !isBesideTheFirst(group) || subjects(group).isEmpty());
        return groups;
    }

    /** What the group measures of what was asked for. */
    List<String> subjects(Group group) {
        return switch (group.part()) {
            case LOSSES -> shapes(group).stream().map(Shape::toString).toList();
            case SEQUENCES ->
                options.sequences().stream().map(Sequences::toString).toList();
            case NETWORKS ->
                options.networks().stream()
                        .filter(network -> network.isSmall() || group.dtype() == Dtype.FLOAT32)
                        .map(FitNetwork::option)
                        .toList();
        };
    }

    private List<Shape> shapes(Group group) {
        List<Shape> all = options.shapes().stream().filter(group.loss()::takes).toList();
        boolean isCommon = group.loss().isCommon();
        if (!group.form().equals(options.base())) {
            if (!isFirst(group)) {
                return List.of();
            }
            return isCommon
                    ? some(all, shape -> shape.isPlain() && !shape.isInColumns())
                    : some(all, shape -> SHAPE_IN_CACHE.contains(shape.toString()));
        }
        if (isFirst(group)) {
            return isCommon ? all : some(all, shape -> !NOT_OF_OTHERS.contains(shape.toString()));
        }
        return some(all, shape -> isCommon ? !shape.isInColumns() : SHAPES_OF_OTHERS.contains(shape.toString()));
    }

    /** Those; if there are none among what was asked for, all. */
    private static List<Shape> some(List<Shape> all, Predicate<Shape> those) {
        List<Shape> some = all.stream().filter(those).toList();
        return some.isEmpty() ? all : some;
    }

    /** What a later dtype gains by threads, the first one says, too. */
    private boolean isBesideTheFirst(Group group) {
        return group.dtype() == options.dtypes().get(0)
                || group.threads() == options.threads().get(0);
    }

    private boolean isFirst(Group group) {
        return group.dtype() == options.dtypes().get(0)
                && group.threads() == options.threads().get(0);
    }

    /** Who is measured on each subject; the result's memory on the first alone. */
    Set<Contender> contenders(Group group) {
        if (group.part() != Part.LOSSES) {
            return group.part() == Part.SEQUENCES
                    ? EnumSet.copyOf(Contender.OF_SEQUENCES)
                    : EnumSet.copyOf(Contender.OF_NETWORKS);
        }
        Set<Contender> contenders = EnumSet.copyOf(Contender.of(group.loss()));
        contenders.retainAll(options.contenders());
        boolean isCommon = group.loss().isCommon();
        if (!group.form().equals(options.base())) {
            contenders.retainAll(Contender.OF_FORMS);
        }
        if (!isFirst(group) || !isCommon) {
            contenders.remove(Contender.TORCH_CALL);
        }
        if (!isFirst(group) && !isCommon) {
            contenders.remove(Contender.VALUE_AND_GRADIENT);
        }
        if (group.threads() != options.threads().get(0)) {
            // one thread makes it
            contenders.remove(Contender.COPY);
        }
        return contenders;
    }

    BenchmarkOptions.Pace pace(Group group) {
        boolean isShort = switch (group.part()) {
            case LOSSES -> !group.loss().isCommon();
            case SEQUENCES -> false;
            case NETWORKS -> group.dtype() == Dtype.FLOAT64;
        };
        return isShort ? options.pace().shorter() : options.pace();
    }

    /** How many measurements the group makes. */
    int measurements(Group group) {
        return subjects(group).stream()
                .mapToInt(subject -> contenders(group).stream()
                        .mapToInt(contender -> times(group, subject, contender))
                        .sum())
                .sum();
    }

    private int times(Group group, String subject, Contender contender) {
        return switch (group.part()) {
            case LOSSES ->
                switch (contender) {
                    case RESULT_ONLY -> subject.equals(subjects(group).get(0)) ? 1 : 0;
                    case TORCH_CALL -> Shape.parse(subject).isCalledFromJava() ? 1 : 0;
                    default -> 1;
                };
            case SEQUENCES -> 1;
            case NETWORKS -> FitNetwork.parse(subject).rounds(pace(group));
        };
    }

    /** About how long the group takes on a quiet machine with two processors. */
    double seconds(Group group) {
        double start = group.form().hasVectorApi() ? Cost.START_WITH_VECTOR_API : Cost.START;
        Stream<Double> measurements = subjects(group).stream()
                .flatMap(subject -> contenders(group).stream()
                        .map(contender -> times(group, subject, contender)
                                * Cost.seconds(contender, elements(group, subject), pace(group))));
        return start + measurements.mapToDouble(Double::doubleValue).sum();
    }

    private static long elements(Group group, String subject) {
        return switch (group.part()) {
            case LOSSES -> Shape.parse(subject).elements();
            case SEQUENCES -> Sequences.parse(subject).elements();
            case NETWORKS -> FitNetwork.parse(subject).outputs();
        };
    }
}
