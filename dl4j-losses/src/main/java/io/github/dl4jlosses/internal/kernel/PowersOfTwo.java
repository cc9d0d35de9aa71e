/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/**
 * 2^k of many integers k, which come as the low bits of {@code ROUNDING + k}: where adding 1.5 * 2^52 (1.5 * 2^23 in
 * float) has rounded them.
 *
 * <p>The bits of a floating number are reached by a copy through memory outside of the heap. The conversions of the
 * language would keep a loop from becoming vector instructions.
 */
final class PowersOfTwo {
    static final double ROUNDING = 0x1.8p52;
    static final float FLOAT_ROUNDING = 0x1.8p23f;

    private static final int DOUBLE_BIAS = 1023;
    private static final int DOUBLE_MANTISSA = 52;
    private static final int FLOAT_BIAS = 127;
    private static final int FLOAT_MANTISSA = 23;

    private final DoubleBuffer doubles;
    private final LongBuffer longs;
    private final FloatBuffer floats;
    private final IntBuffer ints;
    private final long[] longBits = new long[Workspace.CHUNK];
    private final int[] intBits = new int[Workspace.CHUNK];

    PowersOfTwo() {
        ByteBuffer memory =
                ByteBuffer.allocateDirect(Workspace.CHUNK * Double.BYTES).order(ByteOrder.nativeOrder());
        doubles = memory.asDoubleBuffer();
        longs = memory.asLongBuffer();
        floats = memory.asFloatBuffer();
        ints = memory.asIntBuffer();
    }

    /**
     * Replaces {@code ROUNDING + k} by 2^k.
     *
     * @param power at most {@link Workspace#CHUNK} numbers, k from -1023, which gives 0, to 1023
     * @param n how many
     */
    void of(double[] power, int n) {
        doubles.clear();
        doubles.put(power, 0, n);
        longs.clear();
        longs.get(longBits, 0, n);
        shift(longBits, n);
        longs.clear();
        longs.put(longBits, 0, n);
        doubles.clear();
        doubles.get(power, 0, n);
    }

    private static void shift(long[] bits, int n) {
        for (int i = 0; i < n; i++) {
            bits[i] = (bits[i] + DOUBLE_BIAS) << DOUBLE_MANTISSA;
        }
    }

    /**
     * Replaces {@code FLOAT_ROUNDING + k} by 2^k.
     *
     * @param power at most {@link Workspace#CHUNK} numbers, k from -127, which gives 0, to 127
     * @param n how many
     */
    void of(float[] power, int n) {
        floats.clear();
        floats.put(power, 0, n);
        ints.clear();
        ints.get(intBits, 0, n);
        shift(intBits, n);
        ints.clear();
        ints.put(intBits, 0, n);
        floats.clear();
        floats.get(power, 0, n);
    }

    private static void shift(int[] bits, int n) {
        for (int i = 0; i < n; i++) {
            bits[i] = (bits[i] + FLOAT_BIAS) << FLOAT_MANTISSA;
        }
    }
}
