/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.exact;

import java.math.BigDecimal;

/** A loss of single elements, weights included. */
public interface ExactElement {
    /** Loss and derivatives of input x and target t. */
    Element at(BigDecimal x, BigDecimal t, int output);

    /** The loss, d loss / d x and d loss / d t. */
    final class Element {
        final ExactNumber loss;
        final ExactNumber gradient;
        final ExactNumber targetGradient;

        public Element(ExactNumber loss, ExactNumber gradient, ExactNumber targetGradient) {
            this.loss = loss;
            this.gradient = gradient;
            this.targetGradient = targetGradient;
        }

        /** The same with a weight of the output. */
        public Element times(BigDecimal weight) {
            return new Element(loss.times(weight), gradient.times(weight), targetGradient.times(weight));
        }
    }
}
