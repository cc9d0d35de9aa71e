/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.grid;

import java.util.Arrays;

/**
 * The scale of the terms whose rounding decides how near a float32 result can be: twice the largest input that enters it.
 * That is the element itself for the losses of single elements, its row for the losses of classes, and everything for a
 * reduced value.
 */
final class LargestTerms {
    /** Results of a larger term are compared relatively, so that one huge element does not excuse the others. */
    private static final double MOST = 1000;

    private LargestTerms() {}

    /** A number from 1 to 1000 for each result: for one, one per row, or one per element. */
    static double[] of(GridCase example, int results) {
        double[] x = example.torchInput().toDoubles();
        long[] shape = example.torchInput().shape();
        int classes = !example.spec().isPerRow() || shape.length == 0 ? 1 : (int) shape[shape.length == 1 ? 0 : 1];
        int inner = (int) Arrays.stream(shape).skip(2).reduce(1, (a, b) -> a * b);
        double[] ofRows = new double[classes == 0 ? 0 : x.length / classes];
        Arrays.fill(ofRows, 1);
        for (int i = 0; i < x.length; i++) {
            int row = row(i, classes, inner);
            ofRows[row] = Math.max(ofRows[row], term(x[i]));
        }
        if (results == ofRows.length) {
            return ofRows;
        }
        double[] terms = new double[results];
        if (results == x.length) {
            Arrays.setAll(terms, i -> ofRows[row(i, classes, inner)]);
        } else {
            // a reduced value, or one that was broadcast
            Arrays.fill(terms, Arrays.stream(ofRows).max().orElse(1));
        }
        return terms;
    }

    private static double term(double x) {
        return Double.isFinite(x) ? Math.min(MOST, 2 * Math.abs(x)) : 1;
    }

    /** The row of an element; each is one of its own where a row has one class. */
    private static int row(int element, int classes, int inner) {
        return classes == 1 ? element : element / inner / classes * inner + element % inner;
    }
}
