/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.exact;

import io.github.dl4jlosses.Reduction;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/** What a loss and its derivatives are, to 50 digits and more. */
public final class ExactResult {
    private final ExactNumber[] losses;
    private final ExactNumber[] gradient;
    private final ExactNumber[] targetGradient;
    private final BigDecimal meanDenominator;
    private final long batch;

    ExactResult(
            ExactNumber[] losses,
            ExactNumber[] gradient,
            ExactNumber[] targetGradient,
            BigDecimal meanDenominator,
            long batch) {
        this.losses = losses;
        this.gradient = gradient;
        this.targetGradient = targetGradient;
        this.meanDenominator = meanDenominator;
        this.batch = batch;
    }

    /** Of elements, the same with one loss for each row: the mean over its outputs. */
    ExactResult ofRows(Places places) {
        BigDecimal outputs = BigDecimal.valueOf(places.classes());
        ExactNumber[] ofRows = new ExactNumber[places.rows()];
        for (int r = 0; r < ofRows.length; r++) {
            Terms sum = new Terms();
            for (int c = 0; c < places.classes(); c++) {
                ExactNumber loss = losses[places.at(r, c)];
                sum.met(loss.largestTerm()).add(loss.value());
            }
            ofRows[r] = sum.over(outputs);
        }
        return new ExactResult(
                ofRows,
                dividedBy(outputs, gradient),
                dividedBy(outputs, targetGradient),
                BigDecimal.valueOf(ofRows.length),
                places.batchOfRows());
    }

    private static ExactNumber[] dividedBy(BigDecimal divisor, ExactNumber... numbers) {
        return Arrays.stream(numbers).map(number -> number.dividedBy(divisor)).toArray(ExactNumber[]::new);
    }

    /** The loss of each element or row, in row-major order. */
    public List<ExactNumber> unreduced() {
        return List.of(losses);
    }

    /** The reduced loss. The partial sums are among its terms. */
    public ExactNumber value(Reduction reduction) {
        Terms sum = new Terms();
        BigDecimal magnitude = BigDecimal.ZERO;
        for (ExactNumber loss : losses) {
            if (!loss.isFinite()) {
                return ExactNumber.NOT_FINITE;
            }
            sum.met(loss.largestTerm()).add(loss.value());
            magnitude = magnitude.add(loss.value().abs());
        }
        return sum.met(magnitude).over(denominator(reduction));
    }

    /** The derivative of the reduced loss with respect to the input, in row-major order. */
    public List<ExactNumber> gradient(Reduction reduction) {
        return scaled(reduction, gradient);
    }

    /** The same with respect to the target; an IllegalStateException for class indices, which have none. */
    public List<ExactNumber> targetGradient(Reduction reduction) {
        if (targetGradient == null) {
            throw new IllegalStateException("class indices have no gradient");
        }
        return scaled(reduction, targetGradient);
    }

    private List<ExactNumber> scaled(Reduction reduction, ExactNumber... numbers) {
        return List.of(dividedBy(denominator(reduction), numbers));
    }

    private BigDecimal denominator(Reduction reduction) {
        return reduction == Reduction.SUM
                ? BigDecimal.ONE
                : reduction == Reduction.MEAN ? meanDenominator : BigDecimal.valueOf(batch);
    }
}
