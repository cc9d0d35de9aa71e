/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec.plain;

/** A loss of single numbers, weights included: input x, target t, the output's number. */
public interface PlainElement {
    double loss(double x, double t, int output);

    double gradient(double x, double t, int output);

    /** Not asked for where a loss has none. */
    default double targetGradient(double x, double t, int output) {
        throw new UnsupportedOperationException("no derivative with respect to the target");
    }

    /** A bound of the terms that are added up in any of the three. */
    double largestTerm(double x, double t, int output);

    /** Element by element; the mean divides by their number. */
    default PlainResult of(PlainBatch batch, boolean withTargetGradient) {
        int rows = batch.input.length;
        int columns = batch.columns();
        double[][] losses = new double[rows][columns];
        double[][] gradient = new double[rows][columns];
        double[][] targetGradient = withTargetGradient ? new double[rows][columns] : null;
        boolean[][] touched = new boolean[rows][columns];
        double[] largest = new double[rows];
        double denominator = 0;
        for (int r = 0; r < rows; r++) {
            largest[r] = 1;
            for (int c = 0; c < columns; c++) {
                if (batch.isKept(r, c)) {
                    double x = batch.input[r][c];
                    double t = batch.dense[r][c];
                    losses[r][c] = loss(x, t, c);
                    gradient[r][c] = gradient(x, t, c);
                    if (withTargetGradient) {
                        targetGradient[r][c] = targetGradient(x, t, c);
                    }
                    denominator++;
                    touched[r][c] = true;
                    largest[r] = PlainResult.larger(largest[r], largestTerm(x, t, c));
                }
            }
        }
        return new PlainResult(losses, gradient, targetGradient, denominator, largest, touched);
    }

    /** The mean over the outputs of each row; the mean over rows divides by their number. */
    default PlainResult ofRows(PlainBatch batch, boolean withTargetGradient) {
        PlainResult elements = of(batch, withTargetGradient);
        int columns = batch.columns();
        double[][] losses = new double[elements.losses.length][1];
        double denominator = 0;
        for (int r = 0; r < losses.length; r++) {
            if (!batch.isKept(r)) {
                continue;
            }
            denominator++;
            for (int c = 0; c < columns; c++) {
                losses[r][0] += elements.losses[r][c] / columns;
                elements.gradient[r][c] /= columns;
                if (withTargetGradient) {
                    elements.targetGradient[r][c] /= columns;
                }
            }
        }
        return new PlainResult(
                losses,
                elements.gradient,
                elements.targetGradient,
                denominator,
                elements.largestTerm,
                elements.touched);
    }

    /** One number for each output, one for all, or 1. */
    static double numberOf(double[] numbers, int index) {
        return numbers == null ? 1 : numbers[numbers.length == 1 ? 0 : index];
    }
}
