/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

/** A factor of a gradient in two floats, so that rounding it costs nothing. */
final class FloatFactor {
    /** Beyond it, products with moderate numbers might leave the normal floats. */
    private static final double LARGEST = 1e25;

    float high;
    float low;

    FloatFactor(double factor) {
        set(factor);
    }

    /** Instead of a new object for each row or tile. */
    void set(double factor) {
        high = (float) factor;
        low = (float) (factor - high);
    }

    /** Whether products with moderate numbers are normal floats, or 0; false for NaN. */
    static boolean isSafe(double factor) {
        double size = Math.abs(factor);
        return (size < LARGEST && size > 1 / LARGEST) || size == 0;
    }

    /** The product with the factor that is the sum of two floats, rounded once; needs fused multiply-add. */
    static float times(float value, float high, float low) {
        return Math.fma(value, high, value * low);
    }
}
