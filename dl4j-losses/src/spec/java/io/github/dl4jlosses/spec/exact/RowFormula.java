/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.exact;

import static io.github.dl4jlosses.spec.exact.Digits.exp;
import static io.github.dl4jlosses.spec.exact.Digits.log;

import java.math.BigDecimal;
import java.util.List;

/** A loss of whole rows that is linear in -log p, with q the effective, weighted target: l = sum_c q_c (-log p_c). */
final class RowFormula {
    /** The loss, its gradient, and -log p_c before weights. */
    static final class Row {
        final ExactNumber loss;
        final List<ExactNumber> gradient;
        final List<ExactNumber> minusLog;

        Row(ExactNumber loss, List<ExactNumber> gradient, List<ExactNumber> minusLog) {
            this.loss = loss;
            this.gradient = gradient;
            this.minusLog = minusLog;
        }
    }

    private RowFormula() {}

    /** The input is log p itself. */
    static Row ofLogProbabilities(BigDecimal[] x, BigDecimal... q) {
        Terms loss = new Terms();
        ExactNumber[] gradient = new ExactNumber[x.length];
        ExactNumber[] minusLog = new ExactNumber[x.length];
        for (int c = 0; c < x.length; c++) {
            if (q[c].signum() != 0) {
                loss.met(x[c]).subtract(q[c].multiply(x[c]));
            }
            gradient[c] = new Terms().subtract(q[c]).total();
            minusLog[c] = new Terms().subtract(x[c]).total();
        }
        return new Row(loss.total(), List.of(gradient), List.of(minusLog));
    }

    /** p is the softmax of the input; the gradient is p_c sum(q) - q_c. */
    static Row ofLogits(BigDecimal[] x, BigDecimal... q) {
        BigDecimal max = x[0];
        BigDecimal all = BigDecimal.ZERO;
        for (int c = 0; c < x.length; c++) {
            max = max.max(x[c]);
            all = all.add(q[c]);
        }
        BigDecimal[] e = new BigDecimal[x.length];
        BigDecimal total = BigDecimal.ZERO;
        for (int c = 0; c < x.length; c++) {
            e[c] = exp(x[c].subtract(max));
            total = total.add(e[c]);
        }
        BigDecimal logTotal = log(total);
        Terms loss = new Terms().met(logTotal);
        ExactNumber[] gradient = new ExactNumber[x.length];
        ExactNumber[] minusLog = new ExactNumber[x.length];
        for (int c = 0; c < x.length; c++) {
            BigDecimal below = max.subtract(x[c]);
            loss.met(x[c]).met(below).add(q[c].multiply(below.add(logTotal)));
            gradient[c] = new Terms()
                    .add(e[c].multiply(all))
                    .subtract(q[c].multiply(total))
                    .over(total);
            minusLog[c] = new Terms().met(x[c]).add(below).add(logTotal).total();
        }
        return new Row(loss.total(), List.of(gradient), List.of(minusLog));
    }
}
