/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.plain;

/** What a loss gives for a batch before anything is divided. */
public final class PlainResult {
    /** One loss per input, or one per row, which then have length 1; 0 where nothing takes part. */
    public final double[][] losses;
    /** The derivative of the sum of the losses with respect to each input. */
    public final double[][] gradient;
    /** The derivative with respect to each number of the target; null where there is none. */
    public final double[][] targetGradient;
    /** What the mean divides by. */
    public final double meanDenominator;
    /** How large the terms are that a loss of this row is made of; at least 1. */
    public final double[] largestTerm;
    /** Where the gradient is computed; elsewhere it is 0, whatever it is divided by. */
    public final boolean[][] touched;

    public PlainResult(
            double[][] losses,
            double[][] gradient,
            double[][] targetGradient,
            double meanDenominator,
            double[] largestTerm,
            boolean[][] touched) {
        this.losses = losses;
        this.gradient = gradient;
        this.targetGradient = targetGradient;
        this.meanDenominator = meanDenominator;
        this.largestTerm = largestTerm;
        this.touched = touched;
    }

    /** The larger of two bounds; NaN and infinity are no bounds. */
    public static double larger(double bound, double term) {
        return Double.isFinite(term) ? Math.max(bound, term) : bound;
    }

    /** How large the terms behind each of these numbers are, losses or a gradient; 0 where it is not computed. */
    public double[][] terms(double[][] numbers) {
        double[][] terms = new double[numbers.length][];
        for (int r = 0; r < terms.length; r++) {
            terms[r] = new double[numbers[r].length];
            for (int c = 0; c < terms[r].length; c++) {
                terms[r][c] = touched[r][c] ? largestTerm[r] : 0;
            }
        }
        return terms;
    }

    /** The sum of all losses. */
    public double sum() {
        double sum = 0;
        for (double[] row : losses) {
            for (double loss : row) {
                sum += loss;
            }
        }
        return sum;
    }

    /** How large the terms of the sum are, all together; at least 1, and finite, since an infinite bound bounds nothing. */
    public double sumOfTerms() {
        double sum = 1;
        for (int r = 0; r < losses.length; r++) {
            sum += largestTerm[r] * losses[r].length;
        }
        // thousands of large terms have no finite sum, nor have their losses
        return Math.min(sum, Double.MAX_VALUE);
    }
}
