/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.exact;

import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Cross entropy of rows, of logits or of log-probabilities, against class indices or probabilities. */
public final class ExactClasses implements ExactLoss {
    private final boolean logits;
    private final double[] weight;
    private final long ignoreIndex;
    private final BigDecimal smoothing;

    /**
     * The loss with its options.
     *
     * @param logits whether inputs are logits; else they are log-probabilities
     * @param weight one number per class, or null
     * @param ignoreIndex the class index of rows that take no part
     * @param smoothing the label smoothing
     */
    public ExactClasses(boolean logits, double[] weight, long ignoreIndex, double smoothing) {
        this.logits = logits;
        this.weight = weight;
        this.ignoreIndex = ignoreIndex;
        this.smoothing = Digits.exact(smoothing);
    }

    @Override
    public ExactResult evaluate(double[] input, long[] shape, double[] target, long[] classes) {
        Places places = new Places(shape);
        BigDecimal[] x = Digits.exactly(input);
        if (target == null) {
            BigDecimal kept = ZERO;
            for (long t : classes) {
                kept = t == ignoreIndex ? kept : kept.add(weight((int) t));
            }
            return rows(places, x, (r, c) -> c == classes[r] ? ONE : ZERO, r -> classes[r] == ignoreIndex, null, kept);
        }
        BigDecimal[] t = Digits.exactly(target);
        ExactNumber[] targetGradient = new ExactNumber[x.length];
        BigDecimal all = BigDecimal.valueOf(places.rows());
        return rows(places, x, (r, c) -> t[places.at(r, c)], r -> false, targetGradient, all);
    }

    private BigDecimal weight(int output) {
        return weight == null ? ONE : Digits.exact(weight[output]);
    }

    /** The target of a class, before weights and smoothing. */
    private interface HardTarget {
        BigDecimal of(int row, int c);
    }

    private ExactResult rows(
            Places places,
            BigDecimal[] x,
            HardTarget target,
            IntPredicate isIgnored,
            ExactNumber[] targetGradient,
            BigDecimal meanDenominator) {
        ExactNumber[] losses = new ExactNumber[places.rows()];
        ExactNumber[] gradient = new ExactNumber[x.length];
        Arrays.fill(losses, ExactNumber.ZERO);
        Arrays.fill(gradient, ExactNumber.ZERO);
        BigDecimal hard = ONE.subtract(smoothing);
        BigDecimal soft = Digits.quotient(smoothing, BigDecimal.valueOf(places.classes()));
        IntStream.range(0, places.rows()).parallel().filter(isIgnored.negate()).forEach(r -> {
            BigDecimal[] row = new BigDecimal[places.classes()];
            BigDecimal[] q = new BigDecimal[places.classes()];
            for (int c = 0; c < row.length; c++) {
                row[c] = x[places.at(r, c)];
                q[c] = target.of(r, c).multiply(hard).add(soft).multiply(weight(c));
            }
            RowFormula.Row result = logits ? RowFormula.ofLogits(row, q) : RowFormula.ofLogProbabilities(row, q);
            losses[r] = result.loss;
            for (int c = 0; c < row.length; c++) {
                gradient[places.at(r, c)] = result.gradient.get(c);
                if (targetGradient != null) {
                    targetGradient[places.at(r, c)] =
                            result.minusLog.get(c).times(weight(c).multiply(hard));
                }
            }
        });
        return new ExactResult(losses, gradient, targetGradient, meanDenominator, places.batchOfRows());
    }
}
