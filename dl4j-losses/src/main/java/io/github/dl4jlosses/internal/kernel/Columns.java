/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** Loops over n rows of one class of a {@link ColumnTile}. */
final class Columns {
    private Columns() {}

    static void fill(double[] values, double value, int n) {
        for (int i = 0; i < n; i++) {
            values[i] = value;
        }
    }

    /** sum += x. */
    static void add(double[] sum, double[] x, int n) {
        for (int i = 0; i < n; i++) {
            sum[i] += x[i];
        }
    }

    /** sum += x, where {@code lost} collects the amount by which the sum is too large. */
    static void add(double[] sum, double[] lost, double[] x, int n) {
        for (int i = 0; i < n; i++) {
            double term = x[i] - lost[i];
            double next = sum[i] + term;
            lost[i] = (next - sum[i]) - term;
            sum[i] = next;
        }
    }

    /** sum += a x. */
    static void add(double[] sum, double a, double[] x, int n) {
        for (int i = 0; i < n; i++) {
            sum[i] += a * x[i];
        }
    }

    /** sum += x y. */
    static void addProducts(double[] sum, double[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            sum[i] += x[i] * y[i];
        }
    }

    /** result = a / b. */
    static void divide(double[] a, double[] b, double[] result, int n) {
        for (int i = 0; i < n; i++) {
            result[i] = a[i] / b[i];
        }
    }

    /** x = x a + b, rounded only once if fused multiply-add is fast. */
    static void multiplyAdd(double[] x, double a, double b, int n) {
        if (FusedMultiplyAdd.IS_FAST) {
            for (int i = 0; i < n; i++) {
                x[i] = Math.fma(x[i], a, b);
            }
        } else {
            for (int i = 0; i < n; i++) {
                x[i] = x[i] * a + b;
            }
        }
    }

    /** x = (x factor - q) scale, the difference rounded only once if fused multiply-add is fast. */
    static void multiplySubtract(double[] x, double[] factor, double q, double scale, int n) {
        if (FusedMultiplyAdd.IS_FAST) {
            for (int i = 0; i < n; i++) {
                x[i] = Math.fma(x[i], factor[i], -q) * scale;
            }
        } else {
            for (int i = 0; i < n; i++) {
                x[i] = (x[i] * factor[i] - q) * scale;
            }
        }
    }

    /** The same with a number for each row. */
    static void multiplySubtract(double[] x, double[] factor, double[] q, double scale, int n) {
        if (FusedMultiplyAdd.IS_FAST) {
            for (int i = 0; i < n; i++) {
                x[i] = Math.fma(x[i], factor[i], -q[i]) * scale;
            }
        } else {
            for (int i = 0; i < n; i++) {
                x[i] = (x[i] * factor[i] - q[i]) * scale;
            }
        }
    }
}
