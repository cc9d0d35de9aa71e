/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

/**
 * Measures distances between floating-point numbers in units in the last place.
 *
 * <p>The distance of {@code a} and {@code b} is the number of steps to the neighbouring representable number that lead
 * from one to the other: 0 when equal, 1 for neighbours, and so on, also across powers of two and across zero.
 *
 * @since 0.1.0
 */
public final class Ulps {

    /** The distance between a NaN or an infinity and any other number, which must never count as close. */
    public static final long INCOMPARABLE = Long.MAX_VALUE;

    private Ulps() {}

    /**
     * Counts the steps between two numbers at the resolution of a type, to which both are rounded first.
     *
     * <p>Two NaNs are equal, as are the two zeros and infinities of the same sign. A NaN or an infinity is
     * {@link #INCOMPARABLE} with every other value, so that an overflow is never a small difference.
     *
     * @param type a floating-point type
     * @param a one number
     * @param b the other
     * @return the steps, 0 or more; {@link #INCOMPARABLE} also when they are too many for a long
     * @throws IllegalArgumentException if the type is an integer or boolean one
     */
    public static long distance(TorchType type, double a, double b) {
        BinaryFormat format = type.format();
        double left = type.round(a);
        double right = type.round(b);
        if (left == right || (Double.isNaN(left) && Double.isNaN(right))) {
            return 0;
        }
        if (!Double.isFinite(left) || !Double.isFinite(right)) {
            return INCOMPARABLE;
        }
        long from = format.position(left);
        long to = format.position(right);
        long steps = from < 0 == to < 0 ? Math.abs(from - to) : Math.abs(from) + Math.abs(to);
        // a position has up to 63 bits, so a sum that overflows becomes negative
        return steps < 0 ? INCOMPARABLE : steps;
    }

    /**
     * The distance between neighbouring numbers of a type around a value. Below the smallest normal number it is that
     * of subnormal numbers, so that the loss of digits there does not count as an error.
     *
     * @param type a floating-point type
     * @param value any finite number
     * @return a power of two
     * @throws IllegalArgumentException if the type is an integer or boolean one
     */
    public static double size(TorchType type, double value) {
        return type.format().spacing(value);
    }
}
