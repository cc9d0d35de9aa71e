/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import java.math.BigDecimal;

/** Huber loss of the distance d = x - t: d^2 / 2 where |d| is below delta, else delta |d| - delta^2 / 2. */
final class HuberFormula implements ElementFormula {
    private static final BigDecimal HALF = new BigDecimal("0.5");

    private final BigDecimal delta;

    /** @param delta where the loss becomes linear */
    HuberFormula(BigDecimal delta) {
        this.delta = delta;
    }

    @Override
    public Element at(BigDecimal x, BigDecimal target, int output) {
        BigDecimal d = x.subtract(target);
        boolean isSquare = d.abs().compareTo(delta) < 0;
        Terms loss = isSquare
                ? new Terms().add(HALF.multiply(d).multiply(d))
                : new Terms()
                        .add(delta.multiply(d.abs()))
                        .subtract(HALF.multiply(delta).multiply(delta));
        BigDecimal slope = isSquare ? d : delta.multiply(BigDecimal.valueOf(d.signum()));
        return new Element(
                loss.total().meeting(x, target),
                new Terms().add(slope).met(x).met(target).total(),
                new Terms().subtract(slope).met(x).met(target).total());
    }
}
