/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import java.math.BigDecimal;

/** An exact sum that remembers the largest magnitude on its way. */
final class Terms {
    private BigDecimal sum = BigDecimal.ZERO;
    private double largest;

    Terms add(BigDecimal term) {
        sum = sum.add(term);
        return met(term);
    }

    Terms subtract(BigDecimal term) {
        return add(term.negate());
    }

    /** A number that the computation meets but does not add. */
    Terms met(BigDecimal number) {
        return met(number.doubleValue());
    }

    Terms met(double number) {
        largest = Math.max(largest, Math.abs(number));
        return this;
    }

    ExactNumber total() {
        return new ExactNumber(sum, Math.max(largest, Math.abs(sum.doubleValue())));
    }

    /** The total where each term was multiplied by {@code divisor}, for instance to keep the sum exact. */
    ExactNumber over(BigDecimal divisor) {
        return total().dividedBy(divisor);
    }
}
