/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.exact;

import java.math.BigDecimal;

/** An exact sum that remembers the largest magnitude on its way. */
public final class Terms {
    private BigDecimal sum = BigDecimal.ZERO;
    private double largest;

    public Terms add(BigDecimal term) {
        sum = sum.add(term);
        return met(term);
    }

    public Terms subtract(BigDecimal term) {
        return add(term.negate());
    }

    /** A number that the computation meets but does not add. */
    public Terms met(BigDecimal number) {
        return met(Digits.size(number));
    }

    public Terms met(double number) {
        largest = Math.max(largest, Math.abs(number));
        return this;
    }

    public ExactNumber total() {
        return new ExactNumber(sum, Math.max(largest, Digits.size(sum)));
    }

    /** The total where each term was multiplied by {@code divisor}, for instance to keep the sum exact. */
    public ExactNumber over(BigDecimal divisor) {
        return total().dividedBy(divisor);
    }
}
