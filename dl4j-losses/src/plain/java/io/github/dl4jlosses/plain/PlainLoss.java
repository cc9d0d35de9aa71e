/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.plain;

import io.github.dl4jlosses.BCELoss;
import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.HuberLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.TorchLoss;

/** The formula of a loss, chosen by its class and filled with its options. */
@SuppressWarnings("PatternMatchingInstanceof") // the library is tested on Java 11, too
public final class PlainLoss {
    private PlainLoss() {}

    /**
     * The loss of a batch whose input is what torch's function takes: logits, probabilities or log-probabilities.
     *
     * @param loss one of the library's losses
     * @param batch what it gets
     * @return losses and gradients
     * @throws IllegalArgumentException where nobody has written the formula of the loss
     */
    public static PlainResult of(TorchLoss loss, PlainBatch batch) {
        if (loss instanceof CrossEntropyLoss) {
            CrossEntropyLoss c = (CrossEntropyLoss) loss;
            return new PlainCrossEntropy(c.getWeight(), c.getLabelSmoothing()).of(batch);
        }
        if (loss instanceof NLLLoss) {
            return negativeLogLikelihood(((NLLLoss) loss).getWeight(), batch);
        }
        return elements(element(loss), batch);
    }

    /** l = -w[t] x[t]; the mean divides by the weights of the targets. */
    private static PlainResult negativeLogLikelihood(double[] weight, PlainBatch batch) {
        int rows = batch.input.length;
        double[][] losses = new double[rows][1];
        double[][] gradient = new double[rows][batch.columns()];
        boolean[][] touched = new boolean[rows][batch.columns()];
        double[] largest = new double[rows];
        double denominator = 0;
        for (int r = 0; r < rows; r++) {
            largest[r] = 1;
            if (batch.isKept(r)) {
                int t = batch.classes[r];
                double w = numberOf(weight, t);
                losses[r][0] = -w * batch.input[r][t];
                gradient[r][t] = -w;
                touched[r][t] = true;
                denominator += w;
                largest[r] = PlainResult.larger(1, Math.abs(losses[r][0]) + Math.abs(w));
            }
        }
        return new PlainResult(losses, gradient, null, denominator, largest, touched);
    }

    private static PlainElement element(TorchLoss loss) {
        if (loss instanceof BCELoss) {
            return PlainElement.binary(((BCELoss) loss).getWeight());
        }
        if (loss instanceof BCEWithLogitsLoss) {
            BCEWithLogitsLoss b = (BCEWithLogitsLoss) loss;
            return PlainElement.logits(b.getWeight(), b.getPosWeight());
        }
        if (loss instanceof HuberLoss) {
            return PlainElement.huber(((HuberLoss) loss).getDelta());
        }
        if (loss instanceof KLDivLoss) {
            return PlainElement.divergence(((KLDivLoss) loss).isLogTarget());
        }
        throw new IllegalArgumentException(loss.name()
                + " has no plain formula: write it in PlainLoss, and let PlainFamily and RandomLoss draw the loss");
    }

    private static PlainResult elements(PlainElement formula, PlainBatch batch) {
        int rows = batch.input.length;
        int columns = batch.columns();
        double[][] losses = new double[rows][columns];
        double[][] gradient = new double[rows][columns];
        double[][] targetGradient = new double[rows][columns];
        boolean[][] touched = new boolean[rows][columns];
        double[] largest = new double[rows];
        double denominator = 0;
        for (int r = 0; r < rows; r++) {
            largest[r] = 1;
            for (int c = 0; c < columns; c++) {
                if (batch.isKept(r, c)) {
                    double x = batch.input[r][c];
                    double t = batch.dense[r][c];
                    losses[r][c] = formula.loss(x, t, c);
                    gradient[r][c] = formula.gradient(x, t, c);
                    targetGradient[r][c] = formula.targetGradient(x, t, c);
                    denominator++;
                    touched[r][c] = true;
                    largest[r] = PlainResult.larger(largest[r], formula.largestTerm(x, t, c));
                }
            }
        }
        return new PlainResult(losses, gradient, targetGradient, denominator, largest, touched);
    }

    /** One number for each output, one for all, or 1. */
    static double numberOf(double[] numbers, int index) {
        return numbers == null ? 1 : numbers[numbers.length == 1 ? 0 : index];
    }
}
