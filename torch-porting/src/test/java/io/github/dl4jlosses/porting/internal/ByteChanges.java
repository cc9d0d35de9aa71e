/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Random changes of bytes: single ones, numbers at the edges of their types, and pieces of other files. */
record ByteChanges(Random random) {

    static final long[] EDGES = {
        0,
        1,
        -1,
        2,
        7,
        8,
        32,
        33,
        127,
        128,
        255,
        256,
        32_767,
        32_768,
        65_535,
        65_536,
        1 << 20,
        1 << 24,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xFFFF_FFFFL,
        1L << 32,
        1L << 60,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    long edge() {
        return EDGES[random.nextInt(EDGES.length)];
    }

    byte[] of(byte[] file, List<byte[]> others) {
        byte[] changed = file.clone();
        int count = random.nextBoolean() ? 1 : 1 << random.nextInt(4);
        for (int i = 0; i < count; i++) {
            changed = changed.length == 0 ? new byte[] {(byte) random.nextInt(256)} : changedOnce(changed, others);
        }
        return changed;
    }

    private byte[] changedOnce(byte[] bytes, List<byte[]> others) {
        // many formats begin or end with what matters
        int place = switch (random.nextInt(4)) {
            case 0 -> random.nextInt(Math.min(64, bytes.length));
            case 1 -> bytes.length - 1 - random.nextInt(Math.min(256, bytes.length));
            default -> random.nextInt(bytes.length);
        };
        switch (random.nextInt(10)) {
            case 0 -> bytes[place] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[place] = (byte) random.nextInt(256);
            case 2 -> bytes[place] += (byte) (random.nextInt(9) - 4);
            case 3 -> {
                return replaced(bytes, place, 1 + random.nextInt(8), new byte[0]);
            }
            case 4 -> {
                return Arrays.copyOf(bytes, place);
            }
            case 5 -> {
                return replaced(bytes, place, 0, piece(bytes));
            }
            case 6 -> {
                byte[] other = others.get(random.nextInt(others.size()));
                return other.length == 0 ? bytes : replaced(bytes, place, random.nextInt(20), piece(other));
            }
            case 7 -> {
                byte[] piece = piece(bytes);
                System.arraycopy(piece, 0, bytes, place, Math.min(piece.length, bytes.length - place));
            }
            default -> putEdge(bytes, place);
        }
        return bytes;
    }

    private void putEdge(byte[] bytes, int place) {
        int width = 1 << random.nextInt(4);
        byte[] number = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(edge())
                .array();
        System.arraycopy(number, 0, bytes, place, Math.min(width, bytes.length - place));
    }

    private byte[] piece(byte... bytes) {
        int begin = random.nextInt(bytes.length);
        return Arrays.copyOfRange(bytes, begin, Math.min(bytes.length, begin + 1 + random.nextInt(64)));
    }

    static byte[] replaced(byte[] bytes, int place, int length, byte... by) {
        ByteArrayOutputStream result = new ByteArrayOutputStream(bytes.length + by.length);
        result.write(bytes, 0, place);
        result.writeBytes(by);
        int rest = Math.min(bytes.length, place + length);
        result.write(bytes, rest, bytes.length - rest);
        return result.toByteArray();
    }
}
