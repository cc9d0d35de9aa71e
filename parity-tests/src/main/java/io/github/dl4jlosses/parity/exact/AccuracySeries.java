/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.Ulps;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The errors of one kind of result over a family of cases, of a loss and of torch side by side.
 *
 * <p>An error is counted in ulp: the distance to the exact result, as a real number of units in the last place of the
 * exact result in the given type. Below the smallest normal number the unit is that of the subnormal numbers. Results that
 * are infinite or undefined have no error and are left out.
 *
 * @param lossName the loss's name as torch has it, such as {@code CrossEntropyLoss}
 * @param family the loss with its options, without the spread of the logits, such as {@code CE, weights, C=10}
 * @param spread how far apart the logits are
 * @param result the kind of result, such as {@code gradient of mean}
 * @param type the type of the results
 * @param isDifference whether the results are differences of numbers that do not belong together, whose digits are those of the numbers
 * @param ours our errors
 * @param torch torch's errors
 * @param beyond the elements beyond the bound that does not depend on torch's errors
 */
public record AccuracySeries(
        String lossName,
        String family,
        String spread,
        String result,
        TorchType type,
        boolean isDifference,
        Errors ours,
        Errors torch,
        List<Beyond> beyond) {
    private static final double TERM_ULPS = 4;
    private static final double DOUBLE_TERM_ULPS = 2;
    /** The rounding of the exact result, which no number of the type can better, but for those near a tie. */
    private static final double ROUNDED = 0.55;

    /** Above the rounding of an exact result to double, with which errors are measured, in ulp of a float. */
    private static final double MEASURED = 1e-8;

    private static final int SHOWN = 3;

    /** An element in words, and our error in ulp of the largest term. */
    record Beyond(String words, double ofTerm) {}

    /** The errors of one kind of result over the cases that have all else in common. */
    AccuracySeries(AccuracyCase example, String result) {
        this(
                example.lossName(),
                example.family(),
                example.spread(),
                result,
                example.input().type(),
                example.isDifference(isGradient(result)));
    }

    AccuracySeries(String lossName, String family, String spread, String result, TorchType type, boolean isDifference) {
        this(lossName, family, spread, result, type, isDifference, new Errors(), new Errors(), new ArrayList<>());
    }

    void add(double our, double theirs, ExactNumber exact) {
        if (!exact.isFinite()) {
            return;
        }
        double unit = Ulps.size(type, exact.value().doubleValue());
        double term = Ulps.size(type, exact.largestTerm());
        double error = exact.error(our);
        double torchError = exact.error(theirs);
        ours.add(error, unit, term);
        torch.add(torchError, unit, term);
        if (error > bound(unit, exact.largestTerm())) {
            String words = "ours " + our + ", torch " + theirs + ", exact "
                    + exact.value().doubleValue() + ", largest term " + exact.largestTerm()
                    + String.format(Locale.ROOT, ": %.3g ulp, torch %.3g ulp", error / unit, torchError / unit);
            beyond.add(new Beyond(words, error / term));
        }
    }

    private double bound(double unit, double largestTerm) {
        return type == TorchType.FLOAT32 && !isDifference
                ? TERM_ULPS * unit + DOUBLE_TERM_ULPS * Math.ulp(largestTerm)
                : TERM_ULPS * Ulps.size(type, largestTerm);
    }

    /**
     * Where the library breaks its word. In float32 the largest error in ulp of the largest term may not be above torch's,
     * unless it is that of a rounded exact result, and each error at most 4 ulp of the result plus 2 double-ulp of the
     * largest term, or 4 ulp of the term for differences; in float64 each error may be at most the larger of torch's
     * largest error and 4, both in ulp of the largest term.
     */
    public List<String> violations() {
        List<String> broken = new ArrayList<>();
        boolean single = type == TorchType.FLOAT32;
        if (single && ours.ofTerm() > Math.max(ROUNDED, torch.ofTerm() + MEASURED)) {
            broken.add(this + ": the largest error is " + ours.ofTerm() + " ulp of the largest term, torch's "
                    + torch.ofTerm());
        }
        beyond.stream()
                .filter(element -> single || element.ofTerm > torch.ofTerm())
                .limit(SHOWN - broken.size())
                .forEach(element -> broken.add(this + ": " + element.words));
        return broken;
    }

    /** Whether the largest error in ulp of the largest term is at most torch's, without the allowance of {@link #violations}. */
    public boolean isNoFurtherThanTorch() {
        return ours.ofTerm() <= torch.ofTerm() + MEASURED;
    }

    /** The head of the table: two lines of Markdown. */
    public static String header() {
        return "| results | type | cases | our max ulp | our median | torch's max ulp | torch's median |"
                + " our max, in ulp of the largest term | torch's |\n|---|---|---|---|---|---|---|---|---|";
    }

    /** The measured errors: a line of the table. */
    public String row() {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %d | %.3g | %.3g | %.3g | %.3g | %.3g | %.3g |",
                name(),
                type.name().toLowerCase(Locale.ROOT),
                ours.count(),
                ours.largest(),
                ours.quantile(.5),
                torch.largest(),
                torch.quantile(.5),
                ours.ofTerm(),
                torch.ofTerm());
    }

    /** The family of cases and the kind of result, such as {@code CE, C=2, N(0,1): gradient of mean}. */
    public String name() {
        return family + ", " + spread + ": " + result;
    }

    /** Whether the results are gradients, not losses, sums or means. */
    public boolean isGradient() {
        return isGradient(result);
    }

    private static boolean isGradient(String result) {
        return result.contains("gradient");
    }

    @Override
    public String toString() {
        return name() + " (" + type.name().toLowerCase(Locale.ROOT) + ")";
    }
}
