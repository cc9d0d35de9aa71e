/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/** The log-softmax of one row and its derivative. */
public final class LogSoftmaxKernel {
    private LogSoftmaxKernel() {}

    /** Replaces {@code x} by its log-softmax. */
    public static void forward(double[] x, int n) {
        SoftmaxRow softmax = new SoftmaxRow();
        if (!softmax.read(x, 0, n, null)) {
            Arrays.fill(x, 0, n, Double.NaN);
            return;
        }
        for (int c = 0; c < n; c++) {
            // from 0, so that a certain class has 0 and not -0
            x[c] = 0 - softmax.minusLogProbability(c);
        }
    }

    /**
     * Replaces {@code x} by u_c - p_c sum(u).
     *
     * @param x the logits
     * @param u the derivative with respect to the log-softmax
     * @param n the classes
     * @param work room for n numbers
     */
    public static void backward(double[] x, double[] u, int n, double[] work) {
        SoftmaxRow softmax = new SoftmaxRow();
        if (!softmax.read(x, 0, n, work)) {
            Arrays.fill(x, 0, n, Double.NaN);
            return;
        }
        // the same form as the gradient of a dense target q, with q = u and the opposite sign
        DenseTarget.gradient(softmax, u, work, 0, n, -1);
        System.arraycopy(work, 0, x, 0, n);
    }
}
