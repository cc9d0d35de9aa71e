/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The families of cases in which accuracy is measured: each loss with the options that change its arithmetic, logits from
 * nearly equal to 200 apart, float32 and float64, few classes and many.
 *
 * @since 0.1.0
 */
public final class AccuracyCases {
    private static final TorchType[] TYPES = {TorchType.FLOAT32, TorchType.FLOAT64};
    private static final int[] ODD_SIZES = {1, 3, 7, 17, 33, 1023, 1025};
    private static final int CLASSES = 10;
    private static final int MANY = 1000;
    private static final double SMOOTHING = 0.1;
    private static final double SMALL_DELTA = 0.1;

    private final int samples;
    private final AccuracyNumbers numbers;
    private final List<AccuracyCase> cases = new ArrayList<>();

    private AccuracyCases(int samples, AccuracyNumbers numbers) {
        this.samples = samples;
        this.numbers = numbers;
    }

    /**
     * All families, with logits from each of the distributions.
     *
     * @param samples about how many elements a family has for each type
     * @param seed what the numbers are drawn from
     * @return the cases, those of a family one after the other
     */
    public static List<AccuracyCase> families(int samples, long seed) {
        List<AccuracyCase> all = new ArrayList<>();
        for (TorchType type : TYPES) {
            for (Spread spread : Spread.values()) {
                AccuracyCases some = new AccuracyCases(samples, new AccuracyNumbers(type, spread, seed));
                some.addBinary();
                some.addClasses();
                some.addLogProbabilities();
                some.addDistances();
                all.addAll(some.cases);
            }
        }
        return all;
    }

    /**
     * Numbers of classes beside the widths of vectors and tiles.
     *
     * @param samples about how many elements there are for each number of classes
     * @param seed what the numbers are drawn from
     * @return the cases, all sizes in one family
     */
    public static List<AccuracyCase> oddSizes(int samples, long seed) {
        List<AccuracyCase> all = new ArrayList<>();
        for (TorchType type : TYPES) {
            AccuracyCases some = new AccuracyCases(samples, new AccuracyNumbers(type, Spread.ONE, seed));
            for (int classes : ODD_SIZES) {
                some.addOddSize(classes);
            }
            all.addAll(some.cases);
        }
        return all;
    }

    private void add(String name, Function<Reduction, TorchLoss> loss, TorchTensor input, TorchTensor target) {
        cases.add(new AccuracyCase(name + ", " + numbers.spread(), loss, input, target));
    }

    private long rows(int classes) {
        return Math.max(2, samples / classes);
    }

    private void addBinary() {
        long[] shape = {rows(CLASSES), CLASSES};
        double[] weight = numbers.weights(CLASSES);
        Function<Reduction, TorchLoss> binary =
                r -> BCELoss.builder().reduction(r).build();
        add("BCE, hard", binary, numbers.probabilities(shape), numbers.hard(shape));
        add("BCE, soft", binary, numbers.probabilities(shape), numbers.soft(shape));
        Function<Reduction, TorchLoss> weighted =
                r -> BCELoss.builder().weight(weight).reduction(r).build();
        add("BCE, soft, weights", weighted, numbers.probabilities(shape), numbers.soft(shape));

        Function<Reduction, TorchLoss> logits =
                r -> BCEWithLogitsLoss.builder().reduction(r).build();
        add("BCE with logits, hard", logits, numbers.logits(shape), numbers.hard(shape));
        add("BCE with logits, soft", logits, numbers.logits(shape), numbers.soft(shape));
        Function<Reduction, TorchLoss> positive =
                r -> BCEWithLogitsLoss.builder().posWeight(3).reduction(r).build();
        add("BCE with logits, soft, pos_weight 3", positive, numbers.logits(shape), numbers.soft(shape));
        double[] posWeight = numbers.weights(CLASSES);
        Function<Reduction, TorchLoss> both = r -> BCEWithLogitsLoss.builder()
                .weight(weight)
                .posWeight(posWeight)
                .reduction(r)
                .build();
        add("BCE with logits, hard, weights, pos_weight", both, numbers.logits(shape), numbers.hard(shape));
    }

    private void addClasses() {
        Function<Reduction, TorchLoss> plain = crossEntropy(0, null);
        for (int classes : new int[] {2, CLASSES, MANY}) {
            long rows = rows(classes);
            add("CE, C=" + classes, plain, numbers.logits(rows, classes), numbers.indices(classes, rows));
        }
        add("CE, C=1000 before pixels", plain, numbers.logits(1, MANY, 2), numbers.indices(MANY, 1, 2));
        long n = rows(CLASSES);
        add("CE, C=10, probabilities", plain, numbers.logits(n, CLASSES), numbers.distributions(n, CLASSES));
        double[] weight = numbers.weights(CLASSES);
        add("CE, C=10, weights", crossEntropy(0, weight), numbers.logits(n, CLASSES), numbers.indices(CLASSES, n));
        Function<Reduction, TorchLoss> smoothed = crossEntropy(SMOOTHING, weight);
        add(
                "CE, C=10, smoothing",
                crossEntropy(SMOOTHING, null),
                numbers.logits(n, CLASSES),
                numbers.indices(CLASSES, n));
        add("CE, C=10, smoothing, weights", smoothed, numbers.logits(n, CLASSES), numbers.indices(CLASSES, n));
        add(
                "CE, C=10, probabilities, smoothing, weights",
                smoothed,
                numbers.logits(n, CLASSES),
                numbers.distributions(n, CLASSES));
    }

    private void addLogProbabilities() {
        long n = rows(CLASSES);
        double[] weight = numbers.weights(CLASSES);
        Function<Reduction, TorchLoss> likelihood =
                r -> NLLLoss.builder().weight(weight).reduction(r).build();
        add("NLL, weights", likelihood, numbers.logDistributions(n, CLASSES), numbers.indices(CLASSES, n));
        for (boolean logTarget : new boolean[] {false, true}) {
            Function<Reduction, TorchLoss> divergence =
                    r -> KLDivLoss.builder().logTarget(logTarget).reduction(r).build();
            add(
                    logTarget ? "KL, log target" : "KL",
                    divergence,
                    numbers.logDistributions(n, CLASSES),
                    logTarget ? numbers.logDistributions(n, CLASSES) : numbers.distributions(n, CLASSES));
        }
    }

    private void addDistances() {
        long[] shape = {rows(CLASSES), CLASSES};
        for (double delta : new double[] {1, SMALL_DELTA}) {
            add(
                    "Huber, delta " + delta,
                    r -> HuberLoss.builder().delta(delta).reduction(r).build(),
                    numbers.logits(shape),
                    numbers.logits(shape));
        }
    }

    private void addOddSize(int classes) {
        long n = rows(classes);
        add("CE, odd C", crossEntropy(0, null), numbers.logits(n, classes), numbers.indices(classes, n));
        Function<Reduction, TorchLoss> smoothed = crossEntropy(SMOOTHING, numbers.weights(classes));
        add("CE, odd C, smoothing, weights", smoothed, numbers.logits(n, classes), numbers.indices(classes, n));
        add(
                "CE, odd C, probabilities, smoothing, weights",
                smoothed,
                numbers.logits(n, classes),
                numbers.distributions(n, classes));
        Function<Reduction, TorchLoss> logits =
                r -> BCEWithLogitsLoss.builder().reduction(r).build();
        add("BCE with logits, odd C, soft", logits, numbers.logits(1, classes), numbers.soft(1, classes));
    }

    private static Function<Reduction, TorchLoss> crossEntropy(double smoothing, double[] weight) {
        return r -> {
            CrossEntropyLoss.Builder builder =
                    CrossEntropyLoss.builder().labelSmoothing(smoothing).reduction(r);
            return (weight == null ? builder : builder.weight(weight)).build();
        };
    }
}
