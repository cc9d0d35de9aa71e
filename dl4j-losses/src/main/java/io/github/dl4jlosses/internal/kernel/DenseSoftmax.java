/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * What every softmax loss with a target of the input's shape shares: with q the effective target of a row and Q its sum,
 * the gradient (p_c Q - q_c) times a scale.
 */
final class DenseSoftmax {
    private DenseSoftmax() {}

    /**
     * Turns a row of e_c into the gradient, in place.
     *
     * @param q the effective target of the row, from {@code q[at]} on
     * @param all its sum
     * @param e the exponentials of the row; afterwards the gradient
     * @param argmax the class with the largest logit
     * @param rest the sum of the exponentials of the other classes
     */
    static void gradient(double[] q, double all, double[] e, int at, int n, int argmax, double rest, double scale) {
        double total = 1 + rest;
        double factor = all / total;
        for (int i = at; i < at + n; i++) {
            e[i] = (e[i] * factor - q[i]) * scale;
        }
        // p Q - q = ((Q - q) - q rest) / total: where p is near 1 the small difference survives
        double own = q[at + argmax];
        e[at + argmax] = ((all - own) - own * rest) * (scale / total);
    }
}
