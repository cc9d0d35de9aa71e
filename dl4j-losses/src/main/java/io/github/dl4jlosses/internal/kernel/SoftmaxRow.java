/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The softmax of one row, kept in a form that never cancels: the largest logit apart from the sum of the others.
 *
 * <p>With m the largest logit, at place k, and e_c = exp(x_c - m): rest = sum of e_c over c != k, so that
 * log(sum exp(x)) = m + log1p(rest), also where rest is far below 1.
 */
final class SoftmaxRow {
    private double[] x;
    private int at;
    private double max;
    private int argmax;
    private double rest;
    private double logSum;
    private final CompensatedSum sum = new CompensatedSum();

    /**
     * Reads the row {@code x[at]} to {@code x[at + n]}.
     *
     * @param exponentials where e_c goes, at the same places; null: nowhere
     * @return false where the softmax is NaN throughout: a NaN, a positive infinity, or nothing but negative ones
     */
    boolean read(double[] x, int at, int n, double[] exponentials) {
        this.x = x;
        this.at = at;
        findMax(n);
        if (Double.isNaN(max) || Double.isInfinite(max)) {
            return false;
        }
        sum.reset();
        for (int c = 0; c < n; c++) {
            double e = Math.exp(x[at + c] - max);
            if (c != argmax) {
                sum.add(e);
            }
            if (exponentials != null) {
                exponentials[at + c] = e;
            }
        }
        rest = sum.value();
        logSum = Math.log1p(rest);
        return true;
    }

    private void findMax(int n) {
        max = n == 0 ? 0 : x[at];
        argmax = 0;
        for (int c = 1; c < n; c++) {
            double value = x[at + c];
            // a NaN must win, and once it has won only another NaN replaces it
            if (value > max || Double.isNaN(value)) {
                max = value;
                argmax = c;
            }
        }
    }

    /** -log p_c, a sum of two terms that are never negative. */
    double minusLogProbability(int c) {
        return (max - x[at + c]) + logSum;
    }

    /** The sum of all e_c: at least 1. */
    double total() {
        return 1 + rest;
    }

    /** The sum of e_j over j != c; (1 - p_c) without the cancellation. */
    double others(int c, double exponential) {
        return c == argmax ? rest : total() - exponential;
    }
}
