/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import static java.math.BigDecimal.ONE;

import java.math.BigDecimal;

/** Kullback-Leibler divergence of log-probabilities x from a target p: p (log p - x). */
final class DivergenceFormula implements ElementFormula {
    private final boolean logTarget;

    /** @param logTarget whether a target is log p */
    DivergenceFormula(boolean logTarget) {
        this.logTarget = logTarget;
    }

    @Override
    public Element at(BigDecimal x, BigDecimal target, int output) {
        if (!logTarget && target.signum() == 0) {
            return new Element(ExactNumber.ZERO, ExactNumber.ZERO, ExactNumber.NOT_FINITE);
        }
        BigDecimal p = logTarget ? Digits.exp(target) : target;
        BigDecimal logP = logTarget ? target : Digits.log(target);
        Terms loss = new Terms().met(x).met(logP).add(p.multiply(logP)).subtract(p.multiply(x));
        Terms targetGradient = logTarget
                ? new Terms()
                        .met(x)
                        .met(logP)
                        .add(p.multiply(logP))
                        .subtract(p.multiply(x))
                        .add(p)
                : new Terms().add(logP).add(ONE).subtract(x);
        return new Element(loss.total(), new Terms().met(target).subtract(p).total(), targetGradient.total());
    }
}
