/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/**
 * Loops over one row of a tile. Each is there twice: the JIT compiler decides once for each loop whether vectors are worth
 * it, and short rows, for which they are not, must not decide for long ones.
 */
final class RowLoops {
    private static final int SHORT = 64;

    private RowLoops() {}

    /** x -= c. */
    static void subtract(double[] x, int from, int n, double c) {
        if (n < SHORT) {
            for (int i = from; i < from + n; i++) {
                x[i] -= c;
            }
        } else {
            subtractLong(x, from, n, c);
        }
    }

    private static void subtractLong(double[] x, int from, int n, double c) {
        for (int i = from; i < from + n; i++) {
            x[i] -= c;
        }
    }

    /** x *= c. */
    static void multiply(double[] x, int from, int n, double c) {
        if (n < SHORT) {
            for (int i = from; i < from + n; i++) {
                x[i] *= c;
            }
        } else {
            multiplyLong(x, from, n, c);
        }
    }

    private static void multiplyLong(double[] x, int from, int n, double c) {
        for (int i = from; i < from + n; i++) {
            x[i] *= c;
        }
    }

    /** x *= high + low, rounded once; with fused multiply-add. */
    static void multiply(float[] x, int from, int n, float high, float low) {
        if (n < SHORT) {
            for (int i = from; i < from + n; i++) {
                x[i] = Math.fma(x[i], high, x[i] * low);
            }
        } else {
            multiplyLong(x, from, n, high, low);
        }
    }

    private static void multiplyLong(float[] x, int from, int n, float high, float low) {
        for (int i = from; i < from + n; i++) {
            x[i] = Math.fma(x[i], high, x[i] * low);
        }
    }

    /** e = (e f - q) s, the difference rounded once where it can be had. */
    static void multiplySubtract(double[] e, double[] q, int from, int n, double f, double s) {
        if (n < SHORT) {
            for (int i = from; i < from + n; i++) {
                e[i] = FusedMultiplyAdd.of(e[i], f, -q[i]) * s;
            }
        } else {
            multiplySubtractLong(e, q, from, n, f, s);
        }
    }

    private static void multiplySubtractLong(double[] e, double[] q, int from, int n, double f, double s) {
        for (int i = from; i < from + n; i++) {
            e[i] = FusedMultiplyAdd.of(e[i], f, -q[i]) * s;
        }
    }

    /** e = (e f - q) s with one q for all. */
    static void multiplySubtract(double[] e, double q, int from, int n, double f, double s) {
        if (n < SHORT) {
            for (int i = from; i < from + n; i++) {
                e[i] = FusedMultiplyAdd.of(e[i], f, -q) * s;
            }
        } else {
            multiplySubtractLong(e, q, from, n, f, s);
        }
    }

    private static void multiplySubtractLong(double[] e, double q, int from, int n, double f, double s) {
        for (int i = from; i < from + n; i++) {
            e[i] = FusedMultiplyAdd.of(e[i], f, -q) * s;
        }
    }

    /** The products (l - d) q, to the same places of the result. */
    static void products(double l, double[] d, double[] q, double[] result, int from, int n) {
        if (n < SHORT) {
            for (int i = from; i < from + n; i++) {
                result[i] = (l - d[i]) * q[i];
            }
        } else {
            productsLong(l, d, q, result, from, n);
        }
    }

    private static void productsLong(double l, double[] d, double[] q, double[] result, int from, int n) {
        for (int i = from; i < from + n; i++) {
            result[i] = (l - d[i]) * q[i];
        }
    }

    /** q = (q hard + soft) w, with a factor in two floats, and a weight for each place of the row; with fused multiply-add. */
    static void weigh(float[] q, int from, float[] weight, int n, float hard, float hardLow, float soft) {
        for (int i = 0; i < n; i++) {
            float t = q[from + i];
            q[from + i] = Math.fma(t, hard, Math.fma(t, hardLow, soft)) * weight[i];
        }
    }
}
