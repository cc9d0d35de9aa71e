/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** The bytes of an open file. Memory is taken only for bytes that lie in the file. */
record FileBytes(FileChannel channel, long size) {

    /** Little-endian, from its index 0. */
    ByteBuffer read(long position, long count) throws IOException {
        return ByteBuffer.wrap(bytes(position, count)).order(ByteOrder.LITTLE_ENDIAN);
    }

    byte[] bytes(long position, long count) throws IOException {
        if (position < 0 || count < 0 || position > size - count) {
            throw endsTooEarly();
        }
        byte[] bytes = new byte[(int) count];
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            if (channel.read(left, position + left.position()) < 0) {
                throw endsTooEarly();
            }
        }
        return bytes;
    }

    private static RefusedFileException endsTooEarly() {
        return RefusedFileException.damaged("The file ends too early");
    }
}
