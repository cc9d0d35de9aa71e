/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import java.math.BigDecimal;

/** A loss of single elements, before weights. */
interface ElementFormula {
    /** The loss, d loss / d x and d loss / d y. */
    record Element(ExactNumber loss, ExactNumber gradient, ExactNumber targetGradient) {
        Element times(BigDecimal weight) {
            return new Element(loss.times(weight), gradient.times(weight), targetGradient.times(weight));
        }
    }

    Element at(BigDecimal x, BigDecimal y, int output);
}
