/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.exact;

import java.math.BigDecimal;
import java.math.MathContext;

/** A result to 50 digits and more, with the largest term that its computation meets. */
public final class ExactNumber {
    public static final ExactNumber ZERO = new ExactNumber(BigDecimal.ZERO, 0);
    public static final ExactNumber NOT_FINITE = new ExactNumber(null, Double.POSITIVE_INFINITY);

    private static final MathContext ERROR = new MathContext(20);

    private final BigDecimal value;
    private final double largestTerm;

    /**
     * A number.
     *
     * @param value null where the mathematical result is infinite or undefined
     * @param largestTerm the largest magnitude among the input, its difference from the largest logit, logarithms, the
     *     products that are added up (weights included) and the result itself
     */
    public ExactNumber(BigDecimal value, double largestTerm) {
        this.value = value;
        this.largestTerm = largestTerm;
    }

    /** Null where the mathematical result is infinite or undefined. */
    public BigDecimal value() {
        return value;
    }

    public double largestTerm() {
        return largestTerm;
    }

    /** Whether there is a number. */
    public boolean isFinite() {
        return value != null;
    }

    /** How far a result is from the number; infinite for an infinity or NaN. */
    public double error(double result) {
        if (Double.isNaN(result) || Double.isInfinite(result)) {
            return Double.POSITIVE_INFINITY;
        }
        return new BigDecimal(result).subtract(value).abs().round(ERROR).doubleValue();
    }

    /** The same number where the computation meets others that may be larger. */
    public ExactNumber meeting(BigDecimal... numbers) {
        double largest = largestTerm;
        for (BigDecimal number : numbers) {
            largest = Math.max(largest, Digits.size(number));
        }
        return new ExactNumber(value, largest);
    }

    ExactNumber times(BigDecimal factor) {
        return isFinite() ? new ExactNumber(value.multiply(factor), largestTerm * Digits.size(factor)) : this;
    }

    ExactNumber dividedBy(BigDecimal divisor) {
        // a quotient is rounded, which would be the whole error of a result that is exact
        return !isFinite() || divisor.compareTo(BigDecimal.ONE) == 0
                ? this
                : new ExactNumber(Digits.quotient(value, divisor), largestTerm / Digits.size(divisor));
    }

    @Override
    public String toString() {
        return value + " (largest term " + largestTerm + ")";
    }
}
