/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.Ulps;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * A result to 50 digits and more, with the largest term that its computation meets.
 *
 * @param value the number; null where the mathematical result is infinite or undefined
 * @param largestTerm the largest magnitude among the input, its difference from the largest logit, logarithms, the products
 *     that are added up (weights included) and the result itself
 * @since 0.1.0
 */
public record ExactNumber(BigDecimal value, double largestTerm) {
    static final ExactNumber ZERO = new ExactNumber(BigDecimal.ZERO, 0);
    static final ExactNumber NOT_FINITE = new ExactNumber(null, Double.POSITIVE_INFINITY);

    private static final MathContext ERROR = new MathContext(20);

    /**
     * Whether there is a number.
     *
     * @return false where the mathematical result is infinite or undefined
     */
    public boolean isFinite() {
        return value != null;
    }

    /**
     * How far a result is from the number.
     *
     * @param result any double
     * @return the absolute difference; infinite for an infinity or NaN
     */
    public double error(double result) {
        if (Double.isNaN(result) || Double.isInfinite(result)) {
            return Double.POSITIVE_INFINITY;
        }
        return new BigDecimal(result).subtract(value).abs().round(ERROR).doubleValue();
    }

    /**
     * How far a result is from the number, as a real number of units in the last place of the exact value.
     *
     * @param result any double
     * @param type the type whose resolution counts
     * @return 0.5 at most for a result that is rounded to nearest
     */
    public double errorInUlps(double result, TorchType type) {
        return error(result) / Ulps.size(type, value.doubleValue());
    }

    /** The same number where the computation meets others that may be larger. */
    ExactNumber meeting(BigDecimal... numbers) {
        double largest = largestTerm;
        for (BigDecimal number : numbers) {
            largest = Math.max(largest, Math.abs(number.doubleValue()));
        }
        return new ExactNumber(value, largest);
    }

    ExactNumber times(BigDecimal factor) {
        return isFinite()
                ? new ExactNumber(value.multiply(factor), largestTerm * Math.abs(factor.doubleValue()))
                : this;
    }

    ExactNumber dividedBy(BigDecimal divisor) {
        // a quotient is rounded, which would be the whole error of a result that is exact
        return !isFinite() || divisor.compareTo(BigDecimal.ONE) == 0
                ? this
                : new ExactNumber(Digits.quotient(value, divisor), largestTerm / Math.abs(divisor.doubleValue()));
    }
}
