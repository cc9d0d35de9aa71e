/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.util.Arrays;

/** The log-softmax of one row and its derivative. */
public final class LogSoftmaxKernel {
    private LogSoftmaxKernel() {}

    /** Replaces n logits by their log-softmax; {@code work} has room for as many. */
    public static void forward(double[] x, int n, double[] work) {
        SoftmaxTile softmax = new SoftmaxTile(Tile.ofRow(x, n, work), Workspace.ofThread());
        if (!softmax.read(0)) {
            Arrays.fill(x, 0, n, Double.NaN);
            return;
        }
        double logSum = softmax.logSum();
        for (int c = 0; c < n; c++) {
            x[c] -= logSum;
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
        SoftmaxTile softmax = new SoftmaxTile(Tile.ofRow(x, n, work), Workspace.ofThread());
        if (!softmax.read(0)) {
            Arrays.fill(x, 0, n, Double.NaN);
            return;
        }
        // the gradient of a dense target q, with q = u and the opposite sign
        softmax.denseGradient(0, u, -1);
        System.arraycopy(work, 0, x, 0, n);
    }
}
