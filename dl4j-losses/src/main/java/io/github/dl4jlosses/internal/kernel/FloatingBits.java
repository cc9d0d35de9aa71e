/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/**
 * What loops over the bits of floating numbers compute, in loops that the JIT compiler turns into vector instructions.
 *
 * <p>The bits are reached by a copy through memory outside of the heap. The conversions of the language would keep a loop
 * from becoming vector instructions.
 */
final class FloatingBits {
    /** Added to a number near 0, it rounds it to an integer and leaves that in the low bits. */
    static final double ROUNDING = 0x1.8p52;

    static final float FLOAT_ROUNDING = 0x1.8p23f;

    /** Subtracted from an exponent as {@link #split} leaves it, it gives the exponent itself. */
    static final double EXPONENT_ZERO = 0x1p52 + 1023;

    static final float FLOAT_EXPONENT_ZERO = 0x1p23f + 127;

    private static final int BIAS = 1023;
    private static final int MANTISSA = 52;
    static final int FLOAT_BIAS = 127;
    static final int FLOAT_MANTISSA = 23;

    private static final long ONE = 0x3FF0000000000000L;
    private static final long EXPONENT = 0xFFF0000000000000L;
    /** What brings the bits of sqrt(1/2) to those of 1. */
    private static final long FROM_SQRT_HALF = ONE - 0x3FE6A09E667F3BCDL;
    /** 2^52: its low bits hold an integer as it stands. */
    private static final long INTEGER = 0x4330000000000000L;

    static final int FLOAT_ONE = 0x3F800000;
    static final int FLOAT_EXPONENT = 0xFF800000;
    static final int FLOAT_FROM_SQRT_HALF = FLOAT_ONE - 0x3F3504F3;
    /** 2^23. */
    static final int FLOAT_INTEGER = 0x4B000000;

    private final DoubleBuffer doubles;
    private final LongBuffer longs;
    private final FloatBuffer floats;
    private final IntBuffer ints;
    private final long[] bits = new long[Workspace.CHUNK];
    private final long[] exponentBits = new long[Workspace.CHUNK];
    private final int[] intBits = new int[Workspace.CHUNK];
    private final int[] intExponents = new int[Workspace.CHUNK];

    FloatingBits() {
        ByteBuffer memory =
                ByteBuffer.allocateDirect(Workspace.CHUNK * Double.BYTES).order(ByteOrder.nativeOrder());
        doubles = memory.asDoubleBuffer();
        longs = memory.asLongBuffer();
        floats = memory.asFloatBuffer();
        ints = memory.asIntBuffer();
    }

    private void read(double[] numbers, int n) {
        doubles.clear();
        doubles.put(numbers, 0, n);
        longs.clear();
        longs.get(bits, 0, n);
    }

    private void write(long[] from, double[] to, int n) {
        longs.clear();
        longs.put(from, 0, n);
        doubles.clear();
        doubles.get(to, 0, n);
    }

    /**
     * Replaces {@code ROUNDING + k} by 2^k.
     *
     * @param power at most {@link Workspace#CHUNK} numbers, k from -1023, which gives 0, to 1023
     */
    void toPowersOfTwo(double[] power, int n) {
        read(power, n);
        toPowersOfTwo(bits, n);
        write(bits, power, n);
    }

    private static void toPowersOfTwo(long[] bits, int n) {
        for (int i = 0; i < n; i++) {
            bits[i] = (bits[i] + BIAS) << MANTISSA;
        }
    }

    /**
     * Replaces {@code FLOAT_ROUNDING + k} by 2^k.
     *
     * @param power at most {@link Workspace#CHUNK} numbers, k from -127, which gives 0, to 127
     */
    void toPowersOfTwo(float[] power, int n) {
        read(power, n);
        toPowersOfTwo(intBits, n);
        write(intBits, power, n);
    }

    private void read(float[] numbers, int n) {
        floats.clear();
        floats.put(numbers, 0, n);
        ints.clear();
        ints.get(intBits, 0, n);
    }

    private void write(int[] from, float[] to, int n) {
        ints.clear();
        ints.put(from, 0, n);
        floats.clear();
        floats.get(to, 0, n);
    }

    private static void toPowersOfTwo(int[] bits, int n) {
        for (int i = 0; i < n; i++) {
            bits[i] = (bits[i] + FLOAT_BIAS) << FLOAT_MANTISSA;
        }
    }

    /**
     * The bits of floats, two in a long.
     *
     * @param values an array
     * @param from the first number
     * @param n how many, at most {@link Workspace#CHUNK}
     * @return their bits, and then zeros up to a multiple of 8; valid until the next call
     */
    long[] pairs(float[] values, int from, int n) {
        floats.clear();
        floats.put(values, from, n);
        for (int i = n; i % 8 != 0; i++) {
            floats.put(0);
        }
        longs.clear();
        longs.get(bits, 0, (n + 7) / 8 * 4);
        return bits;
    }

    /**
     * Splits numbers into 2^k m with m in [sqrt(1/2), sqrt 2).
     *
     * @param x at most {@link Workspace#CHUNK} positive normal numbers
     * @param exponent where {@code EXPONENT_ZERO + k} goes
     * @param mantissa where m goes; may be {@code x} itself
     */
    void split(double[] x, double[] exponent, double[] mantissa, int n) {
        read(x, n);
        split(bits, exponentBits, n);
        write(bits, mantissa, n);
        write(exponentBits, exponent, n);
    }

    private static void split(long[] bits, long[] exponents, int n) {
        for (int i = 0; i < n; i++) {
            long shifted = bits[i] + FROM_SQRT_HALF;
            exponents[i] = (shifted >>> MANTISSA) | INTEGER;
            bits[i] = bits[i] - (shifted & EXPONENT) + ONE;
        }
    }

    /** {@link #split(double[], double[], double[], int)} of floats; {@code FLOAT_EXPONENT_ZERO + k} goes to the exponents. */
    void split(float[] x, float[] exponent, float[] mantissa, int n) {
        read(x, n);
        split(intBits, intExponents, n);
        write(intBits, mantissa, n);
        write(intExponents, exponent, n);
    }

    private static void split(int[] bits, int[] exponents, int n) {
        for (int i = 0; i < n; i++) {
            int shifted = bits[i] + FLOAT_FROM_SQRT_HALF;
            exponents[i] = (shifted >>> FLOAT_MANTISSA) | FLOAT_INTEGER;
            bits[i] = bits[i] - (shifted & FLOAT_EXPONENT) + FLOAT_ONE;
        }
    }
}
