/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * The gradient that every softmax loss with a target of the input's shape has: (p_c Q - q_c) times a scale, with q the
 * effective target and Q its sum.
 */
final class DenseTarget {
    private DenseTarget() {}

    /**
     * Turns a row of e_c into the gradient, in place.
     *
     * @param q the effective target of the row, from {@code q[at]} on
     * @param e the exponentials of the row; afterwards the gradient
     */
    static void gradient(SoftmaxRow softmax, double[] q, double[] e, int at, int n, double scale) {
        double all = CompensatedSum.of(q, at, n);
        double factor = scale / softmax.total();
        for (int c = 0; c < n; c++) {
            double own = q[at + c];
            // p Q - q = ((Q - q) e - q (E - e)) / E: exact zeros and small differences survive
            e[at + c] = ((all - own) * e[at + c] - own * softmax.others(c, e[at + c])) * factor;
        }
    }
}
