/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** A sum of doubles that carries the rounding error of each addition along (Neumaier). */
public final class CompensatedSum {
    private double sum;
    private double error;

    public void reset() {
        sum = 0;
        error = 0;
    }

    public void add(double term) {
        double next = sum + term;
        error += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
        sum = next;
    }

    public double value() {
        double corrected = sum + error;
        // infinities and NaN make the error meaningless; the plain sum is torch's result
        return Double.isNaN(corrected) ? sum : corrected;
    }

    /** The sum of {@code values[from]} to {@code values[from + n]}. */
    public static double of(double[] values, int from, int n) {
        CompensatedSum sum = new CompensatedSum();
        for (int i = from; i < from + n; i++) {
            sum.add(values[i]);
        }
        return sum.value();
    }
}
