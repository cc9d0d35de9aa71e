/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.exact;

import java.math.BigDecimal;
import java.util.stream.IntStream;

/** A loss of single elements over a whole batch; the mean divides by their number. */
public final class ExactElements implements ExactLoss {
    private final ExactElement formula;

    public ExactElements(ExactElement formula) {
        this.formula = formula;
    }

    @Override
    public ExactResult evaluate(double[] input, long[] shape, double[] target, long[] classes) {
        Places places = new Places(shape);
        BigDecimal[] x = Digits.exactly(input);
        BigDecimal[] t = Digits.exactly(target);
        ExactNumber[] losses = new ExactNumber[x.length];
        ExactNumber[] gradient = new ExactNumber[x.length];
        ExactNumber[] targetGradient = new ExactNumber[x.length];
        IntStream.range(0, x.length).parallel().forEach(i -> {
            ExactElement.Element element = formula.at(x[i], t[i], places.outputOf(i));
            losses[i] = element.loss;
            gradient[i] = element.gradient;
            targetGradient[i] = element.targetGradient;
        });
        return new ExactResult(losses, gradient, targetGradient, BigDecimal.valueOf(x.length), places.batch());
    }
}
