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
                .forEach(group ->
                        table.add("| " + group.name + " | " + group.type.name().toLowerCase(Locale.ROOT)
                                + " | " + group.results() + " | "
                                + String.format(
                                        Locale.ROOT,
                                        "%.3g | %.3g | %.3g | %.3g |",
                                        group.largest().toArray())));
        return table;
    }

    public int results() {
        return errors(AccuracySeries::ours).count();
    }

    /** All errors of a side. */
    public Errors errors(Function<AccuracySeries, Errors> side) {
        return Errors.of(members.stream().map(side));
    }

    /** The errors of a side's gradients, or of its losses, sums and means. */
    public Errors errors(Function<AccuracySeries, Errors> side, boolean gradients) {
        return Errors.of(members.stream()
                .filter(member -> member.isGradient() == gradients)
                .map(side));
    }

    /** The largest errors: ours of a loss, torch's, ours of a gradient, torch's. */
    public List<Double> largest() {
        return Stream.of(false, true)
                .flatMap(gradients ->
                        Stream.of(errors(AccuracySeries::ours, gradients), errors(AccuracySeries::torch, gradients)))
                .map(Errors::largest)
                .toList();
    }

    /** In how many of them our largest error is at most torch's. */
    private long noFurther() {
        return members.stream().filter(AccuracySeries::isNoFurtherThanTorch).count();
    }

    /** In how many series ours is no further from the exact results than torch's, in words. */
    public String verdict() {
        if (members.stream().anyMatch(member -> !member.violations().isEmpty())) {
            return "**" + noFurther() + " of " + members.size() + ", and not within the rule**";
        }
        return noFurther() == members.size() ? "all " + members.size() : noFurther() + " of " + members.size();
    }

    /** Whether each series is no further from the exact results than torch's. */
    public String answer() {
        if (noFurther() == members.size()) {
            return "yes, in all " + members.size() + " series.";
        }
        String rule = type == TorchType.FLOAT32
                ? "it is that of a rounded exact result"
                : "it is at most 4 ulp of the largest number that the computation meets";
        return "in " + verdict() + " series. In the other " + (members.size() - noFurther())
                + " our largest error is above torch's; the rule asks that " + rule + ".";
    }
}
