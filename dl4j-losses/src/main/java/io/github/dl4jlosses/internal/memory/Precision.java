/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.memory;

import org.nd4j.linalg.api.buffer.DataType;

/** Rounds a double once, to nearest even, to the numbers that a floating dtype can hold. */
public final class Precision {
    private Precision() {}

    /** The number of a floating {@code type} nearest to {@code value}; an infinity beyond the type's range. */
    public static double round(double value, DataType type) {
        switch (type) {
            case DOUBLE:
                return value;
            case FLOAT:
                return (float) value;
            case HALF:
                return half(value);
            case BFLOAT16:
                return bfloat16(value);
            default:
                throw new IllegalArgumentException("not a floating dtype: " + type);
        }
    }

    /** The float16 nearest to {@code value}. */
    static double half(double value) {
        return roundToBits(value, 10, -14, 65504);
    }

    /** The bfloat16 nearest to {@code value}. */
    static double bfloat16(double value) {
        return roundToBits(value, 7, -126, 0x1.FEp127);
    }

    private static double roundToBits(double value, int fractionBits, int smallestExponent, double largest) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return value;
        }
        // below the smallest normal number the spacing stays that of the subnormals
        int exponent = Math.max(Math.getExponent(value), smallestExponent);
        int spacing = exponent - fractionBits;
        double rounded = Math.scalb(Math.rint(Math.scalb(value, -spacing)), spacing);
        return Math.abs(rounded) > largest ? Math.copySign(Double.POSITIVE_INFINITY, value) : rounded;
    }
}
