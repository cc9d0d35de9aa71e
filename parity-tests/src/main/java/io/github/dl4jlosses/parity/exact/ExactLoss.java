/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import static io.github.dl4jlosses.parity.exact.Digits.exact;
import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchTensor;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A loss computed to 50 digits and more from its definition, with the options of a loss of this library but none of its
 * code.
 *
 * <p>The numbers of inputs, targets, weights and smoothing are taken as the doubles they are. All must be finite.
 *
 * <pre>{@code
 * ExactResult exact = ExactLoss.of(new CrossEntropyLoss())
 *         .evaluate(
 *                 TorchTensor.of(TorchType.FLOAT64, new double[] {0, 0, 0}, 1, 3),
 *                 TorchTensor.of(TorchType.INT64, new long[] {2}, 1));
 * exact.value(Reduction.MEAN).value(); // the logarithm of 3
 * }</pre>
 *
 * @since 0.1.0
 */
public final class ExactLoss {
    private final ElementFormula formula;
    private final double[] weight;
    private final boolean logits;
    private final long ignoreIndex;
    private final BigDecimal smoothing;

    private ExactLoss(ElementFormula formula, double[] weight, boolean logits, long ignoreIndex, BigDecimal smoothing) {
        this.formula = formula;
        this.weight = weight;
        this.logits = logits;
        this.ignoreIndex = ignoreIndex;
        this.smoothing = smoothing;
    }

    /**
     * The definition of a loss with its options.
     *
     * @param loss one of the library's; its reduction plays no part
     * @return the same loss, exact
     */
    public static ExactLoss of(TorchLoss loss) {
        if (loss instanceof BCELoss b) {
            return new ExactLoss(new BinaryFormula(), b.getWeight(), false, 0, ZERO);
        }
        if (loss instanceof BCEWithLogitsLoss b) {
            return new ExactLoss(new LogitFormula(b.getPosWeight()), b.getWeight(), false, 0, ZERO);
        }
        if (loss instanceof KLDivLoss k) {
            return new ExactLoss(new DivergenceFormula(k.isLogTarget()), null, false, 0, ZERO);
        }
        if (loss instanceof HuberLoss h) {
            return new ExactLoss(new HuberFormula(exact(h.getDelta())), null, false, 0, ZERO);
        }
        if (loss instanceof NLLLoss n) {
            return new ExactLoss(null, n.getWeight(), false, n.getIgnoreIndex(), ZERO);
        }
        CrossEntropyLoss c = (CrossEntropyLoss) loss;
        return new ExactLoss(null, c.getWeight(), true, c.getIgnoreIndex(), exact(c.getLabelSmoothing()));
    }

    /**
     * The losses and gradients of a batch.
     *
     * @param input of any shape that the loss takes
     * @param target numbers of the input's shape, or class indices of an integer type
     * @return all results
     * @throws IllegalArgumentException where a number is not finite
     */
    public ExactResult evaluate(TorchTensor input, TorchTensor target) {
        Places places = new Places(input.shape());
        BigDecimal[] x = exactly(input);
        return formula != null
                ? elements(places, x, exactly(target))
                : target.type().isFloatingPoint()
                        ? probabilities(places, x, exactly(target))
                        : indices(places, x, target.toLongs());
    }

    /** Exact decimal expansions have hundreds of digits, so that each is made once. */
    private static BigDecimal[] exactly(TorchTensor tensor) {
        return Arrays.stream(tensor.toDoubles()).mapToObj(Digits::exact).toArray(BigDecimal[]::new);
    }

    private BigDecimal weight(int output) {
        return weight == null ? ONE : exact(weight[weight.length == 1 ? 0 : output]);
    }

    private ExactResult elements(Places places, BigDecimal[] x, BigDecimal... y) {
        ExactNumber[] losses = new ExactNumber[x.length];
        ExactNumber[] gradient = new ExactNumber[x.length];
        ExactNumber[] targetGradient = new ExactNumber[x.length];
        IntStream.range(0, x.length).parallel().forEach(i -> {
            int output = places.outputOf(i);
            ElementFormula.Element element = formula.at(x[i], y[i], output).times(weight(output));
            losses[i] = element.loss();
            gradient[i] = element.gradient();
            targetGradient[i] = element.targetGradient();
        });
        return new ExactResult(losses, gradient, targetGradient, BigDecimal.valueOf(x.length), places.batch());
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
                                row.minusLog().get(c).times(weight(c).multiply(hard));
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
            losses[r] = ignored ? ExactNumber.ZERO : result.loss();
            for (int c = 0; c < row.length; c++) {
                gradient[places.at(r, c)] =
                        ignored ? ExactNumber.ZERO : result.gradient().get(c);
            }
            if (!ignored) {
                use.accept(r, result);
            }
        });
        return new ExactResult(losses, gradient, targetGradient, meanDenominator, places.batch());
    }
}
