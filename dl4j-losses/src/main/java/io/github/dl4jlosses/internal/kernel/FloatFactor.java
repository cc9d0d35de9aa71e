/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** A factor of a gradient in two floats, so that rounding it costs nothing. */
final class FloatFactor {
    /** Beyond it, products with moderate numbers might leave the normal floats. */
    private static final double LARGEST = 1e25;

    final float high;
    final float low;

    FloatFactor(double factor) {
        high = (float) factor;
        low = (float) (factor - high);
    }

    /** Whether products with moderate numbers are normal floats, or 0; false for NaN. */
    static boolean isSafe(double factor) {
        double size = Math.abs(factor);
        return (size < LARGEST && size > 1 / LARGEST) || size == 0;
    }

    /** Products with the factor, rounded once; needs fused multiply-add. */
    void times(float[] values, float[] products, int n) {
        times(values, products, n, high, low);
    }

    private static void times(float[] values, float[] products, int n, float high, float low) {
        for (int i = 0; i < n; i++) {
            products[i] = times(values[i], high, low);
        }
    }

    /** The product with the factor that is the sum of two floats. */
    static float times(float value, float high, float low) {
        return Math.fma(value, high, value * low);
    }
}
