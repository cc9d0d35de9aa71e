/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/** The log-softmax of rows and its derivative. */
public final class LogSoftmaxKernel {
    private LogSoftmaxKernel() {}

    /** Replaces rows of n logits by their log-softmax; {@code work} has room for as many. */
    public static void forward(double[] x, int rows, int n, double[] work) {
        SoftmaxTile softmax = Workspace.ofThread().softmaxTile.read(x, work, rows, n, false);
        for (int r = 0; r < rows; r++) {
            int at = r * n;
            if (!softmax.read(r)) {
                Arrays.fill(x, at, at + n, Double.NaN);
                continue;
            }
            double logSum = softmax.logSum();
            for (int i = at; i < at + n; i++) {
                x[i] -= logSum;
            }
        }
    }

    /**
     * Replaces {@code x} by u_c - p_c sum(u).
     *
     * @param x the logits
     * @param u the derivative with respect to the log-softmax
     * @param work room for n numbers
     */
    public static void backward(double[] x, double[] u, int n, double[] work) {
        SoftmaxTile softmax = Workspace.ofThread().softmaxTile.read(x, work, 1, n, false);
        if (!softmax.read(0)) {
            Arrays.fill(x, 0, n, Double.NaN);
            return;
        }
        // the gradient of a dense target q, with q = u and the opposite sign
        softmax.denseGradient(0, u, -1);
        System.arraycopy(work, 0, x, 0, n);
    }
}
