/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal;

import io.github.dl4jlosses.internal.kernel.LogSoftmaxKernel;
import io.github.dl4jlosses.internal.memory.Rows;
import io.github.dl4jlosses.internal.memory.Scratch;
import io.github.dl4jlosses.internal.memory.Scratch.Use;

/** The log-softmax of whole arrays, in place, row after row. */
public final class LogSoftmax {
    private LogSoftmax() {}

    /** Replaces each row by its log-softmax. */
    public static void forward(Rows rows) {
        int n = rows.classes();
        double[] x = Scratch.ofThread().doubles(Use.INPUT, n);
        for (long row = 0; row < rows.count() && n > 0; row++) {
            rows.read(row, 1, x);
            LogSoftmaxKernel.forward(x, 1, n, Scratch.ofThread().doubles(Use.GRADIENT, n));
            rows.write(row, 1, x);
        }
        rows.written();
    }

    /** Replaces each row of logits by the derivative with respect to them, given the one of the outputs. */
    public static void backward(Rows logits, Rows upstream) {
        int n = logits.classes();
        double[] x = Scratch.ofThread().doubles(Use.INPUT, n);
        double[] u = Scratch.ofThread().doubles(Use.TARGET, n);
        for (long row = 0; row < logits.count() && n > 0; row++) {
            logits.read(row, 1, x);
            upstream.read(row, 1, u);
            LogSoftmaxKernel.backward(x, u, n, Scratch.ofThread().doubles(Use.GRADIENT, n));
            logits.write(row, 1, x);
        }
        logits.written();
    }
}
