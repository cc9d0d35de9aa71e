/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.plain;

import static io.github.dl4jlosses.spec.plain.PlainElement.numberOf;

/** Negative log likelihood of log-probabilities: l = -w[t] x[t]; the mean divides by the weights of the targets. */
public final class PlainLikelihood {
    private final double[] weight;

    /** @param weight one number per class, or null */
    public PlainLikelihood(double[] weight) {
        this.weight = weight;
    }

    public PlainResult of(PlainBatch batch) {
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
}
