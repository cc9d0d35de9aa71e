/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** The logistic function and its logarithm, from exp(-|x|), which never overflows. */
final class Sigmoid {
    private Sigmoid() {}

    /** 1 / (1 + exp(-x)). */
    static double of(double x) {
        double e = Math.exp(-Math.abs(x));
        return (x >= 0 ? 1 : e) / (1 + e);
    }

    /** 1 / (1 + exp(-x)) as torch forms it in float32: with the exponential and the sum rounded, so that it saturates. */
    static float single(double x) {
        return 1f / (1f + (float) Math.exp(-x));
    }

    /** log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)); softplus(-x) = -log sigmoid(x). */
    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }
}
