/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.exact.AccuracySeries;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Several series of errors of one type, ours and torch's: those of a loss, or of a loss with certain options. */
final class AccuracyGroup {
    private final String name;
    private final TorchType type;
    private final List<AccuracySeries> members = new ArrayList<>();

    private AccuracyGroup(String name, TorchType type) {
        this.name = name;
        this.type = type;
    }

    static List<AccuracyGroup> of(Collection<AccuracySeries> all, Function<AccuracySeries, String> naming) {
        Map<String, AccuracyGroup> groups = new LinkedHashMap<>();
        for (AccuracySeries accuracy : all) {
            String name = naming.apply(accuracy);
            groups.computeIfAbsent(name + accuracy.type(), key -> new AccuracyGroup(name, accuracy.type()))
                    .members
                    .add(accuracy);
        }
        return List.copyOf(groups.values());
    }

    String name() {
        return name;
    }

    TorchType type() {
        return type;
    }

    int results() {
        return members.stream().mapToInt(AccuracySeries::cases).sum();
    }

    private Stream<AccuracySeries> some(boolean gradients) {
        return members.stream().filter(member -> member.isGradient() == gradients);
    }

    double[] ours(boolean gradients) {
        return errors(some(gradients).map(AccuracySeries::ourErrors));
    }

    double[] torch(boolean gradients) {
        return errors(some(gradients).map(AccuracySeries::torchErrors));
    }

    private static double[] errors(Stream<List<Double>> lists) {
        return lists.flatMap(List::stream).mapToDouble(Double::doubleValue).toArray();
    }

    double ourLargest(boolean gradients) {
        return largest(some(gradients).mapToDouble(AccuracySeries::ourLargest));
    }

    double torchLargest(boolean gradients) {
        return largest(some(gradients).mapToDouble(AccuracySeries::torchLargest));
    }

    double ourTermError() {
        return largest(members.stream().mapToDouble(AccuracySeries::ourTermError));
    }

    double torchTermError() {
        return largest(members.stream().mapToDouble(AccuracySeries::torchTermError));
    }

    private static double largest(DoubleStream errors) {
        return errors.max().orElse(0);
    }

    /** How many series there are. */
    private int series() {
        return members.size();
    }

    /** In how many of them our largest error is at most torch's. */
    private long noFurther() {
        return members.stream().filter(AccuracySeries::isNoFurtherThanTorch).count();
    }

    /** In how many series ours is no further from the exact results than torch's, in words. */
    String verdict() {
        if (members.stream().anyMatch(member -> !member.violations().isEmpty())) {
            return "**" + noFurther() + " of " + series() + ", and not within the rule**";
        }
        return noFurther() == series() ? "all " + series() : noFurther() + " of " + series();
    }

    /** Whether each series is no further from the exact results than torch's. */
    String answer() {
        if (noFurther() == series()) {
            return "yes, in all " + series() + " series.";
        }
        String rule = type == TorchType.FLOAT32
                ? "it is that of a rounded exact result"
                : "it is at most 4 ulp of the largest number that the computation meets";
        return "in " + verdict() + " series. In the other " + (series() - noFurther())
                + " our largest error is above torch's; the rule asks that " + rule + ".";
    }
}
