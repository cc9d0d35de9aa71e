/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import io.github.dl4jlosses.parity.TorchType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Several series of errors of one type, ours and torch's: those of a loss, or of a loss with certain options. */
public record AccuracyGroup(String name, TorchType type, List<AccuracySeries> members) {

    public static List<AccuracyGroup> of(Collection<AccuracySeries> all, Function<AccuracySeries, String> naming) {
        Map<String, AccuracyGroup> groups = new LinkedHashMap<>();
        for (AccuracySeries accuracy : all) {
            String name = naming.apply(accuracy);
            groups.computeIfAbsent(
                            name + accuracy.type(), key -> new AccuracyGroup(name, accuracy.type(), new ArrayList<>()))
                    .members
                    .add(accuracy);
        }
        return List.copyOf(groups.values());
    }

    /** A table in Markdown of the largest errors of each loss and type: one line where that of all series has a hundred. */
    public static List<String> summary(Collection<AccuracySeries> all) {
        List<String> table = new ArrayList<>(List.of(
                "| largest error in ulp | type | results | our loss | torch's loss | our gradient | torch's gradient |",
                "|---|---|---|---|---|---|---|"));
        of(all, AccuracySeries::lossName)
                .forEach(group -> table.add(String.format(
                        Locale.ROOT,
                        "| %s | %s | %d | %.3g | %.3g | %.3g | %.3g |",
                        group.name,
                        group.type.name().toLowerCase(Locale.ROOT),
                        group.results(),
                        group.ourLargest(false),
                        group.torchLargest(false),
                        group.ourLargest(true),
                        group.torchLargest(true))));
        return table;
    }

    public int results() {
        return members.stream().mapToInt(AccuracySeries::cases).sum();
    }

    private Stream<AccuracySeries> some(boolean gradients) {
        return members.stream().filter(member -> member.isGradient() == gradients);
    }

    public double[] ours(boolean gradients) {
        return errors(some(gradients).map(AccuracySeries::ourErrors));
    }

    public double[] torch(boolean gradients) {
        return errors(some(gradients).map(AccuracySeries::torchErrors));
    }

    private static double[] errors(Stream<List<Double>> lists) {
        return lists.flatMap(List::stream).mapToDouble(Double::doubleValue).toArray();
    }

    public double ourLargest(boolean gradients) {
        return largest(some(gradients).mapToDouble(AccuracySeries::ourLargest));
    }

    public double torchLargest(boolean gradients) {
        return largest(some(gradients).mapToDouble(AccuracySeries::torchLargest));
    }

    public double ourTermError() {
        return largest(members.stream().mapToDouble(AccuracySeries::ourTermError));
    }

    public double torchTermError() {
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
    public String verdict() {
        if (members.stream().anyMatch(member -> !member.violations().isEmpty())) {
            return "**" + noFurther() + " of " + series() + ", and not within the rule**";
        }
        return noFurther() == series() ? "all " + series() : noFurther() + " of " + series();
    }

    /** Whether each series is no further from the exact results than torch's. */
    public String answer() {
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
