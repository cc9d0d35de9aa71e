/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.Closeness;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds a network's step against torch's, and remembers the largest difference of each type.
 *
 * <p>In float32 torch's own float64 result on the same numbers counts too, since both sides add up the products of a
 * layer in an order of their own.
 */
final class StepComparison {
    /** Of the largest term; some hundred times what double sums of this size lose. */
    static final double FLOAT64_TOLERANCE = 1e-13;

    /** How a line about the score begins. */
    static final String SCORE = "score";

    private static final Map<TorchType, Double> LARGEST = new ConcurrentHashMap<>();

    private final Scenario scenario;
    private final TorchStep torch;
    private final double scale;
    private final double largestTerm;
    private final List<String> differences = new ArrayList<>();

    private StepComparison(Scenario scenario, TorchStep torch, double scale) {
        this.scenario = scenario;
        this.torch = torch;
        this.scale = scale;
        this.largestTerm = Math.max(
                inputTerm(scenario, torch),
                torch.in(TorchType.FLOAT64).times(scale).largestTerm());
    }

    /** Runs both sides; no lines: they are equal, but for what is proven to be DL4J's own. */
    static List<String> differences(Scenario scenario) {
        return Finding.of(scenario).differences();
    }

    /** As {@link #differences(Scenario)}, for a step that has been taken already. */
    static List<String> differences(Scenario scenario, Numbers numbers, Step ours) {
        return Finding.of(scenario, numbers, () -> ours).differences();
    }

    static Finding finding(Scenario scenario, Numbers numbers, Step ours) {
        TorchStep torch = new TorchStep(scenario, numbers);
        StepComparison comparison = new StepComparison(scenario, torch, scenario.scale());
        comparison.compareSteps(ours);
        List<String> differences = comparison.differences;
        Set<FrameworkBug> bugs = EnumSet.noneOf(FrameworkBug.class);
        if (!comparison.isTorchsScore(ours.score())) {
            bugs = FrameworkBug.inScore(scenario);
            if (bugs.isEmpty() || !isScoreWith(bugs, scenario, torch, ours.score())) {
                differences.add(0, comparison.describe(ours));
            }
        }
        return new Finding(bugs, EnumSet.noneOf(FrameworkBug.class), differences);
    }

    /** Whether a score is wrong just as these bugs make it. */
    private static boolean isScoreWith(Set<FrameworkBug> bugs, Scenario scenario, TorchStep torch, double score) {
        if (bugs.contains(FrameworkBug.CENTER_LOSS_MASKED_LABELS)) {
            return Double.isNaN(score);
        }
        double undivided = bugs.contains(FrameworkBug.SCORE_DIVIDED) ? score * scenario.examples() : score;
        boolean misread = bugs.contains(FrameworkBug.CNN_SCORE_FORMAT);
        return new StepComparison(
                        scenario,
                        misread ? torch.misread() : torch,
                        misread
                                ? scenario.scale(scenario.layer().misreadPositions(scenario.outputs()))
                                : scenario.scale())
                .isTorchsScore(undivided);
    }

    /** The largest difference since the last report. */
    static String report() {
        String report = "largest difference from torch, in units of the largest term: " + LARGEST;
        LARGEST.clear();
        return report;
    }

    /** The largest term of the loss itself: logits of both signs meet in a difference. */
    static double inputTerm(Scenario scenario, TorchStep torch) {
        double largest = 1;
        for (double x : torch.input().toDoubles()) {
            largest = Math.max(largest, 2 * Math.abs(x));
            if (scenario.takesRoundedSoftmax()) {
                largest = Math.max(largest, probabilityGradient(scenario, x));
            }
        }
        return largest;
    }

    /** An array in the network's dtype: the activation's own backward pass starts from it, and makes it small again. */
    private static double probabilityGradient(Scenario scenario, double p) {
        return Math.max(1, scenario.scale()) * scenario.options().largestWeight() / (p * (1 - p));
    }

    private Step torchsIn(TorchType type) {
        return torch.in(type).times(scale);
    }

    private boolean isTorchsScore(double ours) {
        double theirs = torchsIn(scenario.type()).score();
        double exact = torchsIn(TorchType.FLOAT64).score();
        return isEqual(SCORE, ours, theirs, exact);
    }

    private String describe(Step ours) {
        return SCORE + " is " + ours.score() + ", torch has "
                + torchsIn(scenario.type()).score() + ", in float64 "
                + torchsIn(TorchType.FLOAT64).score();
    }

    private void compareSteps(Step ours) {
        Step theirs = torchsIn(scenario.type());
        Step exact = torchsIn(TorchType.FLOAT64);
        compare("weights' step", ours.weights(), theirs.weights(), exact.weights());
        compare("bias' step", ours.bias(), theirs.bias(), exact.bias());
    }

    private void compare(String what, List<Double> ours, List<Double> theirs, List<Double> exact) {
        for (int i = 0; i < ours.size(); i++) {
            if (!isEqual(what, ours.get(i), theirs.get(i), exact.get(i))) {
                differences.add(what + "[" + i + "] is " + ours.get(i) + ", torch has " + theirs.get(i)
                        + ", in float64 " + exact.get(i));
            }
        }
    }

    private boolean isEqual(String what, double ours, double theirs, double exact) {
        if (!isClose(ours, theirs)
                && !isBetter(what, ours, theirs, exact)
                && !isWithinSumsOfLayers(what, ours, theirs)) {
            return false;
        }
        if (Double.isFinite(ours)) {
            double difference = Math.min(Math.abs(ours - theirs), Math.abs(ours - exact));
            LARGEST.merge(scenario.type(), difference / largestTerm, Math::max);
        }
        return true;
    }

    private boolean isBetter(String what, double ours, double theirs, double exact) {
        return what.equals(SCORE)
                ? Closeness.isBetter(scenario.type(), ours, theirs, exact, largestTerm)
                : Closeness.isBetterElement(scenario.type(), ours, theirs, exact, largestTerm);
    }

    /** The step is a sum of products, which DL4J and torch add up in float32 in an order of their own. */
    private boolean isWithinSumsOfLayers(String what, double ours, double theirs) {
        return scenario.type() == TorchType.FLOAT32
                && !what.equals(SCORE)
                && Math.abs(ours - theirs) <= 2 * Math.ulp((float) largestTerm);
    }

    private boolean isClose(double ours, double theirs) {
        if (scenario.takesRoundedSoftmax() && scenario.type() == TorchType.FLOAT32 && Double.isFinite(theirs)) {
            // both sides begin from a float32 array of the largest term's size, whose last bits are theirs alone
            return Math.abs(ours - theirs) <= 8 * Math.ulp((float) largestTerm);
        }
        // the logarithm of 1 - p multiplies the last bit of p by 1 / (1 - p)
        if (!scenario.takesProbabilities() && scenario.type() == TorchType.FLOAT64 && Double.isFinite(theirs)) {
            return Math.abs(ours - theirs) <= FLOAT64_TOLERANCE * largestTerm;
        }
        return Closeness.isClose(scenario.type(), ours, theirs, largestTerm);
    }
}
