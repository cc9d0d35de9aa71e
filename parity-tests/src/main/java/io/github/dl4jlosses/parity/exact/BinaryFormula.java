/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import static io.github.dl4jlosses.parity.exact.Digits.exact;
import static io.github.dl4jlosses.parity.exact.Digits.log;
import static java.math.BigDecimal.ONE;

import java.math.BigDecimal;

/**
 * Binary cross entropy of probabilities: -(y max(log p, -100) + (1-y) max(log(1-p), -100)), whose gradient torch defines
 * as (p-y) / max(p (1-p), 1e-12), the last number being a float.
 */
final class BinaryFormula implements ElementFormula {
    private static final BigDecimal SMALLEST_LOG = BigDecimal.valueOf(-100);
    private static final BigDecimal EPSILON = exact(1e-12f);

    @Override
    public Element at(BigDecimal p, BigDecimal y, int output) {
        BigDecimal other = ONE.subtract(p);
        BigDecimal logP = p.signum() == 0 ? null : log(p);
        BigDecimal logOther = other.signum() == 0 ? null : log(other);
        Terms loss = new Terms()
                .met(p)
                .subtract(y.multiply(clamped(logP)))
                .subtract(ONE.subtract(y).multiply(clamped(logOther)));
        BigDecimal slope = p.multiply(other).max(EPSILON);
        ExactNumber gradient = new Terms().add(p).subtract(y).over(slope).meeting(p);
        ExactNumber targetGradient = logP == null || logOther == null
                ? ExactNumber.NOT_FINITE
                : new Terms().met(p).add(logOther).subtract(logP).total();
        return new Element(loss.total(), gradient, targetGradient);
    }

    private static BigDecimal clamped(BigDecimal logarithm) {
        return logarithm == null ? SMALLEST_LOG : logarithm.max(SMALLEST_LOG);
    }
}
