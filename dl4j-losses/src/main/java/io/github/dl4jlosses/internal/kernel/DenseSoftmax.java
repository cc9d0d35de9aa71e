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
     * @param softmax the row, read as a whole
     */
    static void gradient(double[] q, double all, double[] e, int at, int n, SoftmaxTile softmax, double scale) {
        double total = softmax.total();
        RowLoops.multiplySubtract(e, q, at, n, all / total, scale);
        int dominant = softmax.dominant();
        if (dominant >= 0) {
            // p Q - q = ((Q - q) e - q others) / total: where p is near 1 the small difference survives
            double own = q[at + dominant];
            e[at + dominant] = ((all - own) * softmax.own() - own * softmax.others()) * (scale / total);
        }
    }
}
