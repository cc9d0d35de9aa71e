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
        if (position < 0 || count < 0 || position > size - count) {
            throw RefusedFileException.damaged("The file ends too early");
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) count).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw RefusedFileException.damaged("The file ends too early");
            }
        }
        return buffer.flip();
    }
}
