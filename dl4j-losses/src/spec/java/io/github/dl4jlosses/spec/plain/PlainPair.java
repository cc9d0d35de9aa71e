/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.plain;

/** A loss of a number t of the target and two outputs: x from the first half of the row, y from the second. */
public interface PlainPair {
    double loss(double x, double y, double t);

    /** By x. */
    double gradient(double x, double y, double t);

    /** By y. */
    double secondGradient(double x, double y, double t);

    double targetGradient(double x, double y, double t);

    /** A bound of the terms that are added up in any of the four. */
    double largestTerm(double x, double y, double t);

    /** Number by number of the target; the mean divides by how many there are. */
    default PlainResult of(PlainBatch batch) {
        int rows = batch.input.length;
        int half = batch.columns() / 2;
        double[][] losses = new double[rows][half];
        double[][] gradient = new double[rows][2 * half];
        double[][] targetGradient = new double[rows][half];
        boolean[][] touched = new boolean[rows][2 * half];
        double[] largest = new double[rows];
        double denominator = 0;
        for (int r = 0; r < rows; r++) {
            largest[r] = 1;
            for (int c = 0; c < half; c++) {
                if (batch.isKept(r, c)) {
                    double x = batch.input[r][c];
                    double y = batch.input[r][half + c];
                    double t = batch.dense[r][c];
                    losses[r][c] = loss(x, y, t);
                    gradient[r][c] = gradient(x, y, t);
                    gradient[r][half + c] = secondGradient(x, y, t);
                    targetGradient[r][c] = targetGradient(x, y, t);
                    touched[r][c] = true;
                    touched[r][half + c] = true;
                    denominator++;
                    largest[r] = PlainResult.larger(largest[r], largestTerm(x, y, t));
                }
            }
        }
        return new PlainResult(losses, gradient, targetGradient, denominator, largest, touched);
    }
}
