/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.exact;

import java.math.BigDecimal;
import java.util.stream.IntStream;

/** A loss of a number of the target and two outputs, one from each half of a row. */
@FunctionalInterface
public interface ExactPair extends ExactLoss {
    /** Loss and derivatives of x of the first half, y of the second and the target's t. */
    Pair at(BigDecimal x, BigDecimal y, BigDecimal t);

    /** Number by number of the target; the mean divides by how many there are. */
    @Override
    default ExactResult evaluate(double[] input, long[] shape, double[] target, long[] classes) {
        Places places = new Places(shape);
        int half = places.classes() / 2;
        BigDecimal[] x = Digits.exactly(input);
        BigDecimal[] t = Digits.exactly(target);
        ExactNumber[] losses = new ExactNumber[t.length];
        ExactNumber[] gradient = new ExactNumber[x.length];
        ExactNumber[] targetGradient = new ExactNumber[t.length];
        IntStream.range(0, t.length).parallel().forEach(i -> {
            int row = places.rowOfHalf(i);
            int first = places.at(row, places.outputOfHalf(i));
            int second = places.at(row, half + places.outputOfHalf(i));
            Pair pair = at(x[first], x[second], t[i]);
            losses[i] = pair.loss;
            gradient[first] = pair.gradient;
            gradient[second] = pair.secondGradient;
            targetGradient[i] = pair.targetGradient;
        });
        return new ExactResult(losses, gradient, targetGradient, BigDecimal.valueOf(t.length), places.batchOfRows());
    }

    /** The loss, d loss / d x, d loss / d y and d loss / d t. */
    final class Pair {
        final ExactNumber loss;
        final ExactNumber gradient;
        final ExactNumber secondGradient;
        final ExactNumber targetGradient;

        public Pair(ExactNumber loss, ExactNumber gradient, ExactNumber secondGradient, ExactNumber targetGradient) {
            this.loss = loss;
            this.gradient = gradient;
            this.secondGradient = secondGradient;
            this.targetGradient = targetGradient;
        }
    }
}
