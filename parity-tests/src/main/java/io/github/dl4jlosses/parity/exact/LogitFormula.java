/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import static io.github.dl4jlosses.parity.exact.Digits.exact;
import static io.github.dl4jlosses.parity.exact.Digits.exp;
import static io.github.dl4jlosses.parity.exact.Digits.log;
import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import java.math.BigDecimal;

/** Binary cross entropy of logits: -(v y log sigma(x) + (1-y) log(1 - sigma(x))) with v the weight of positive targets. */
final class LogitFormula implements ElementFormula {
    private final double[] posWeight;

    /** @param posWeight one number per output, one for all, or null */
    LogitFormula(double[] posWeight) {
        this.posWeight = posWeight;
    }

    @Override
    public Element at(BigDecimal x, BigDecimal y, int output) {
        BigDecimal v = posWeight == null ? ONE : exact(posWeight[posWeight.length == 1 ? 0 : output]);
        // of the two logarithms one is |x| larger than the other
        BigDecimal e = exp(x.abs().negate());
        BigDecimal smaller = log(ONE.add(e));
        BigDecimal minusLogSigma = smaller.add(x.negate().max(ZERO));
        BigDecimal minusLogOther = smaller.add(x.max(ZERO));
        BigDecimal positive = v.multiply(y);
        BigDecimal negative = ONE.subtract(y);
        Terms loss = new Terms().met(x).add(positive.multiply(minusLogSigma)).add(negative.multiply(minusLogOther));

        // sigma(x) and sigma(-x) over their common denominator 1 + exp(-|x|)
        BigDecimal sigma = x.signum() < 0 ? e : ONE;
        BigDecimal other = x.signum() < 0 ? ONE : e;
        ExactNumber gradient = new Terms()
                .add(negative.multiply(sigma))
                .subtract(positive.multiply(other))
                .over(ONE.add(e))
                .meeting(x);

        // without a weight for positive targets this is -x, exactly
        Terms targetGradient = posWeight == null
                ? new Terms().subtract(x)
                : new Terms().met(x).add(v.multiply(minusLogSigma)).subtract(minusLogOther);
        return new Element(loss.total(), gradient, targetGradient.total());
    }
}
