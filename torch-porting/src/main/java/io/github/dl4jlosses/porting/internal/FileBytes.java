/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** The bytes of an open file. Who asks for more than 64 KB of them at once has seen that the file has as many. */
record FileBytes(FileChannel channel, long size) {

    /** Little-endian, from its index 0. */
    ByteBuffer read(long position, long count) throws IOException {
        return ByteBuffer.wrap(bytes(position, count)).order(ByteOrder.LITTLE_ENDIAN);
    }

    byte[] bytes(long position, long count) throws IOException {
        byte[] bytes = new byte[(int) count];
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            if (channel.read(left, position + left.position()) < 0) {
                throw Refused.damaged("The file ends too early");
            }
        }
        return bytes;
    }
}
