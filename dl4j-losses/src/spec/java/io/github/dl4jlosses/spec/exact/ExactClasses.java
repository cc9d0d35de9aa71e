/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.exact;

import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import java.math.BigDecimal;
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
        return target == null ? indices(places, x, classes) : probabilities(places, x, Digits.exactly(target));
    }

    private BigDecimal weight(int output) {
        return weight == null ? ONE : Digits.exact(weight[output]);
    }

    private ExactResult probabilities(Places places, BigDecimal[] x, BigDecimal... target) {
        ExactNumber[] targetGradient = new ExactNumber[x.length];
        BigDecimal hard = ONE.subtract(smoothing);
        BigDecimal soft = soft(places.classes());
        return rows(
                places,
                x,
                (r, c) -> target[places.at(r, c)].multiply(hard).add(soft).multiply(weight(c)),
                (r, row) -> {
                    for (int c = 0; c < places.classes(); c++) {
                        targetGradient[places.at(r, c)] =
                                row.minusLog.get(c).times(weight(c).multiply(hard));
                    }
                },
                targetGradient,
                BigDecimal.valueOf(places.rows()));
    }

    private ExactResult indices(Places places, BigDecimal[] x, long... index) {
        BigDecimal hard = ONE.subtract(smoothing);
        BigDecimal soft = soft(places.classes());
        BigDecimal kept = ZERO;
        for (long t : index) {
            kept = t == ignoreIndex ? kept : kept.add(weight((int) t));
        }
        return rows(
                places,
                x,
                (r, c) -> index[r] == ignoreIndex
                        ? null
                        : soft.add(c == index[r] ? hard : ZERO).multiply(weight(c)),
                (r, row) -> {},
                null,
                kept);
    }

    private BigDecimal soft(int classes) {
        return Digits.quotient(smoothing, BigDecimal.valueOf(classes));
    }

    /** The effective target of a class; null: the row is ignored. */
    private interface EffectiveTarget {
        BigDecimal of(int row, int c);
    }

    private interface RowUse {
        void accept(int row, RowFormula.Row result);
    }

    private ExactResult rows(
            Places places,
            BigDecimal[] x,
            EffectiveTarget target,
            RowUse use,
            ExactNumber[] targetGradient,
            BigDecimal meanDenominator) {
        ExactNumber[] losses = new ExactNumber[places.rows()];
        ExactNumber[] gradient = new ExactNumber[x.length];
        IntStream.range(0, places.rows()).parallel().forEach(r -> {
            BigDecimal[] row = new BigDecimal[places.classes()];
            BigDecimal[] q = new BigDecimal[places.classes()];
            for (int c = 0; c < row.length; c++) {
                row[c] = x[places.at(r, c)];
                q[c] = target.of(r, c);
            }
            boolean ignored = q[0] == null;
            RowFormula.Row result =
                    ignored ? null : logits ? RowFormula.ofLogits(row, q) : RowFormula.ofLogProbabilities(row, q);
            losses[r] = ignored ? ExactNumber.ZERO : result.loss;
            for (int c = 0; c < row.length; c++) {
                gradient[places.at(r, c)] = ignored ? ExactNumber.ZERO : result.gradient.get(c);
            }
            if (!ignored) {
                use.accept(r, result);
            }
        });
        return new ExactResult(losses, gradient, targetGradient, meanDenominator, places.batch());
    }
}
