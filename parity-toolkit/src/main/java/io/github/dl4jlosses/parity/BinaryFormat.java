/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

/**
 * The binary floating-point formats of torch, with gradual underflow as in IEEE 754.
 */
enum BinaryFormat {
    HALF(10, -14, 15),
    BRAIN(7, -126, 127),
    SINGLE(23, -126, 127),
    DOUBLE(52, -1022, 1023);

    private final int fractionBits;
    private final int minExponent;
    private final int maxExponent;

    BinaryFormat(int fractionBits, int minExponent, int maxExponent) {
        this.fractionBits = fractionBits;
        this.minExponent = minExponent;
        this.maxExponent = maxExponent;
    }

    /** The nearest value of this format, ties to even; infinite beyond the largest. */
    double round(double value) {
        if (!Double.isFinite(value)) {
            return value;
        }
        int exponent = exponent(value);
        double rounded = Math.scalb(Math.rint(Math.scalb(value, fractionBits - exponent)), exponent - fractionBits);
        return Math.getExponent(rounded) > maxExponent ? Math.copySign(Double.POSITIVE_INFINITY, value) : rounded;
    }

    /** The position of a finite value of this format when all of them are numbered in order, both zeros being 0. */
    long position(double value) {
        int exponent = exponent(value);
        long inBinade = (long) Math.scalb(Math.abs(value), fractionBits - exponent);
        long position = ((long) (exponent - minExponent) << fractionBits) + inBinade;
        return value < 0 ? -position : position;
    }

    /** The distance between neighbouring values of this format around a finite value. */
    double spacing(double value) {
        return Math.scalb(1.0, exponent(value) - fractionBits);
    }

    /** The exponent that sets the spacing; below the smallest normal number neither shrinks further. */
    private int exponent(double value) {
        return Math.max(Math.getExponent(value), minExponent);
    }
}
