/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.plain;

import static io.github.dl4jlosses.spec.plain.PlainElement.numberOf;

import java.util.Arrays;

/**
 * Cross entropy of logits. With q what the target asks for, weights and smoothing e included, and L = log softmax(x), the
 * loss of a row is -sum q L, and its derivative softmax(x) sum q - q.
 */
public final class PlainCrossEntropy {
    private final double[] weight;
    private final double smoothing;

    /**
     * @param weight one number per class, or null
     * @param smoothing from 0 to 1
     */
    public PlainCrossEntropy(double[] weight, double smoothing) {
        this.weight = weight;
        this.smoothing = smoothing;
    }

    public PlainResult of(PlainBatch batch) {
        int rows = batch.input.length;
        int columns = batch.columns();
        double[][] losses = new double[rows][1];
        double[][] gradient = new double[rows][columns];
        double[][] targetGradient = batch.dense == null ? null : new double[rows][columns];
        boolean[][] touched = new boolean[rows][columns];
        double[] largest = new double[rows];
        double denominator = 0;
        for (int r = 0; r < rows; r++) {
            largest[r] = 1;
            if (columns == 0 || !batch.isKept(r)) {
                continue;
            }
            Arrays.fill(touched[r], true);
            double[] logSoftmax = logSoftmax(batch.input[r]);
            double[] q = asked(batch, r);
            double sum = 0;
            for (double number : q) {
                sum += number;
            }
            losses[r][0] = batch.dense == null ? lossOfClass(batch.classes[r], logSoftmax) : lossOf(q, logSoftmax);
            for (int c = 0; c < columns; c++) {
                gradient[r][c] = Math.exp(logSoftmax[c]) * sum - q[c];
                if (targetGradient != null) {
                    targetGradient[r][c] = -(1 - smoothing) * numberOf(weight, c) * logSoftmax[c];
                }
                largest[r] = PlainResult.larger(
                        largest[r], (Math.abs(q[c]) + Math.abs(numberOf(weight, c))) * (1 + Math.abs(logSoftmax[c])));
            }
            denominator += batch.dense == null ? numberOf(weight, batch.classes[r]) : 1;
        }
        return new PlainResult(losses, gradient, targetGradient, denominator, largest, touched);
    }

    /** x - max - log sum exp(x - max). */
    public static double[] logSoftmax(double[] x) {
        double max = Arrays.stream(x).reduce(Double.NEGATIVE_INFINITY, Math::max);
        // in their order, as a stream's sum is not
        double sum = Arrays.stream(x).map(c -> Math.exp(c - max)).reduce(0, Double::sum);
        return Arrays.stream(x).map(c -> c - max - Math.log(sum)).toArray();
    }

    private static double lossOf(double[] q, double[] logSoftmax) {
        double loss = 0;
        for (int c = 0; c < q.length; c++) {
            loss -= q[c] * logSoftmax[c];
        }
        return loss;
    }

    /** For class indices torch adds two losses, and the second only if there is smoothing. */
    private double lossOfClass(int t, double[] logSoftmax) {
        double hard = -numberOf(weight, t) * logSoftmax[t];
        double soft = 0;
        for (int c = 0; c < logSoftmax.length; c++) {
            soft -= numberOf(weight, c) * logSoftmax[c];
        }
        return smoothing == 0 ? hard : (1 - smoothing) * hard + smoothing / logSoftmax.length * soft;
    }

    /** (1-e) w[t] at the class, or w t at each; and e w / C everywhere. */
    private double[] asked(PlainBatch batch, int row) {
        int columns = batch.columns();
        double[] q = new double[columns];
        for (int c = 0; c < columns; c++) {
            double hard = batch.dense == null ? (c == batch.classes[row] ? 1 : 0) : batch.dense[row][c];
            q[c] = numberOf(weight, c) * ((1 - smoothing) * hard + smoothing / columns);
        }
        return q;
    }
}
