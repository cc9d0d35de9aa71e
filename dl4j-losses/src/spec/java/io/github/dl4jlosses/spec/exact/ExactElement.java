/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.exact;

import java.math.BigDecimal;
import java.util.stream.IntStream;

/** A loss of single elements, weights included. */
@FunctionalInterface
public interface ExactElement extends ExactLoss {
    /** Loss and derivatives of input x and target t. */
    Element at(BigDecimal x, BigDecimal t, int output);

    /** Element by element; the mean divides by their number. */
    @Override
    default ExactResult evaluate(double[] input, long[] shape, double[] target, long[] classes) {
        Places places = new Places(shape);
        BigDecimal[] x = Digits.exactly(input);
        BigDecimal[] t = Digits.exactly(target);
        ExactNumber[] losses = new ExactNumber[x.length];
        ExactNumber[] gradient = new ExactNumber[x.length];
        ExactNumber[] targetGradient = new ExactNumber[x.length];
        IntStream.range(0, x.length).parallel().forEach(i -> {
            Element element = at(x[i], t[i], places.outputOf(i));
            losses[i] = element.loss;
            gradient[i] = element.gradient;
            targetGradient[i] = element.targetGradient;
        });
        return new ExactResult(losses, gradient, targetGradient, BigDecimal.valueOf(x.length), places.batch());
    }

    /** The mean over the outputs of each row; the mean divides by the rows. */
    default ExactLoss meanOfRows() {
        return (input, shape, target, classes) ->
                evaluate(input, shape, target, classes).ofRows(new Places(shape));
    }

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

        /** Of a loss without a derivative with respect to the target. */
        public Element(ExactNumber loss, ExactNumber gradient) {
            this(loss, gradient, null);
        }

        /** The same with a weight of the output. */
        public Element times(BigDecimal weight) {
            return new Element(loss.times(weight), gradient.times(weight), targetGradient.times(weight));
        }
    }
}
