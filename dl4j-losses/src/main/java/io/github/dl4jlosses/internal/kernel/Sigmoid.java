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

    /** torch's 1 / (1 + exp(-x)) in float64: exactly 1 for large x, exactly 0 once the exponential overflows. */
    static double inDouble(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** torch's 1 / (1 + exp(-x)) in float32, each step rounded, so that it saturates where torch's does. */
    static float inFloat(double x) {
        return 1f / (1f + (float) Math.exp(-x));
    }

    /** log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)); softplus(-x) = -log sigmoid(x). */
    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }
}
