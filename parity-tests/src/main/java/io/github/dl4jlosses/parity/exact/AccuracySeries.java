/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.Ulps;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The errors of one kind of result over a family of cases, of a loss and of torch side by side.
 *
 * <p>An error is counted in ulp: the distance to the exact result, as a real number of units in the last place of the
 * exact result in the given type. Below the smallest normal number the unit is that of the subnormal numbers. Results that
 * are infinite or undefined have no error and are left out.
 */
public final class AccuracySeries {
    private static final double TERM_ULPS = 4;
    private static final double DOUBLE_TERM_ULPS = 2;
    /** The rounding of the exact result, which no number of the type can better, but for those near a tie. */
    private static final double ROUNDED = 0.55;

    private static final int SHOWN = 3;

    private final String lossName;
    private final String family;
    private final String spread;
    private final String result;
    private final TorchType type;
    private final List<Double> ours = new ArrayList<>();
    private final List<Double> torch = new ArrayList<>();
    /** The elements whose bound does not depend on torch's errors. */
    private final List<String> beyondTheirBound = new ArrayList<>();

    private final List<Double> beyondTheirBoundErrors = new ArrayList<>();
    private double ourTermError;
    private double torchTermError;

    /** The errors of one kind of result over the cases that have all else in common. */
    AccuracySeries(AccuracyCase example, String result) {
        this(
                example.lossName(),
                example.family(),
                example.spread(),
                result,
                example.input().type());
    }

    AccuracySeries(String lossName, String family, String spread, String result, TorchType type) {
        this.lossName = lossName;
        this.family = family;
        this.spread = spread;
        this.result = result;
        this.type = type;
    }

    void add(double our, double theirs, ExactNumber exact) {
        if (!exact.isFinite()) {
            return;
        }
        double unit = Ulps.size(type, exact.value().doubleValue());
        double error = exact.error(our);
        double torchError = exact.error(theirs);
        ours.add(error / unit);
        torch.add(torchError / unit);
        double term = Ulps.size(type, exact.largestTerm());
        ourTermError = Math.max(ourTermError, error / term);
        torchTermError = Math.max(torchTermError, torchError / term);
        if (error > bound(unit, exact.largestTerm())) {
            beyondTheirBound.add("ours " + our + ", torch " + theirs + ", exact "
                    + exact.value().doubleValue() + ", largest term " + exact.largestTerm()
                    + String.format(Locale.ROOT, ": %.3g ulp, torch %.3g ulp", error / unit, torchError / unit));
            beyondTheirBoundErrors.add(error / unit);
        }
    }

    private double bound(double unit, double largestTerm) {
        return type == TorchType.FLOAT32
                ? TERM_ULPS * unit + DOUBLE_TERM_ULPS * Math.ulp(largestTerm)
                : TERM_ULPS * Ulps.size(type, largestTerm);
    }

    /**
     * Where the library breaks its word. In float32 the largest error may not be above torch's, unless it is that of a
     * rounded exact result, and each error at most 4 ulp plus 2 double-ulp of the largest term; in float64 each error may
     * be at most the larger of torch's largest error and 4 ulp of the largest term.
     */
    public List<String> violations() {
        List<String> broken = new ArrayList<>();
        boolean single = type == TorchType.FLOAT32;
        if (single && largest(ours) > Math.max(ROUNDED, largest(torch))) {
            broken.add(this + ": the largest error is " + largest(ours) + " ulp, torch's " + largest(torch));
        }
        for (int i = 0; i < beyondTheirBound.size() && broken.size() < SHOWN; i++) {
            if (single || beyondTheirBoundErrors.get(i) > largest(torch)) {
                broken.add(this + ": " + beyondTheirBound.get(i));
            }
        }
        return broken;
    }

    /** Whether the largest error is at most torch's, without the allowance of {@link #violations}. */
    public boolean isNoFurtherThanTorch() {
        return largest(ours) <= largest(torch);
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
                ours.size(),
                largest(ours),
                median(ours),
                largest(torch),
                median(torch),
                ourTermError,
                torchTermError);
    }

    /** The number of results with an error. */
    public int cases() {
        return ours.size();
    }

    /** The loss's name as torch has it, such as {@code CrossEntropyLoss}. */
    public String lossName() {
        return lossName;
    }

    /** The loss with its options, without the spread of the logits, such as {@code CE, weights, C=10}. */
    public String family() {
        return family;
    }

    /** The family of cases and the kind of result, such as {@code CE, C=2, N(0,1): gradient of mean}. */
    public String name() {
        return family + ", " + spread + ": " + result;
    }

    /** The type of the results. */
    public TorchType type() {
        return type;
    }

    /** Whether the results are gradients, not losses, sums or means. */
    public boolean isGradient() {
        return result.contains("gradient");
    }

    /** Our errors in ulp of the exact results, in the order of the cases. */
    public List<Double> ourErrors() {
        return Collections.unmodifiableList(ours);
    }

    /** torch's errors in ulp of the exact results, in the order of the cases. */
    public List<Double> torchErrors() {
        return Collections.unmodifiableList(torch);
    }

    /** Our largest error in ulp of the exact result; 0 where no result has one. */
    public double ourLargest() {
        return largest(ours);
    }

    /** torch's largest error in ulp of the exact result; 0 where no result has one. */
    public double torchLargest() {
        return largest(torch);
    }

    /** Our largest error, in ulp of the largest term that was computed with. */
    public double ourTermError() {
        return ourTermError;
    }

    /** torch's largest error, in ulp of the largest term that was computed with. */
    public double torchTermError() {
        return torchTermError;
    }

    private static double largest(List<Double> errors) {
        return errors.isEmpty() ? 0 : Collections.max(errors);
    }

    private static double median(List<Double> errors) {
        return errors.isEmpty() ? 0 : errors.stream().sorted().toList().get(errors.size() / 2);
    }

    @Override
    public String toString() {
        return name() + " (" + type.name().toLowerCase(Locale.ROOT) + ")";
    }
}
