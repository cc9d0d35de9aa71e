/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Writes safetensors as the library of that name does: wide numbers first, then by name, the numbers of all at multiples of
 * 8 bytes.
 *
 * @since 0.1.0
 */
public final class SafetensorsOutput {

    private static final int ALIGNMENT = 8;
    private static final int PIECE = 1 << 16;

    private SafetensorsOutput() {}

    /**
     * Writes a file; an existing one is replaced.
     *
     * @param tensors arrays of floating point by name
     * @param file the file to write
     * @throws IOException if it cannot be written
     */
    public static void write(Map<String, INDArray> tensors, Path file) throws IOException {
        List<Map.Entry<String, INDArray>> inOrder = new ArrayList<>(tensors.entrySet());
        inOrder.sort(Comparator.<Map.Entry<String, INDArray>>comparingInt(
                        entry -> -entry.getValue().dataType().width())
                .thenComparing(Map.Entry::getKey));
        byte[] header = header(inOrder);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            write(
                    channel,
                    ByteBuffer.allocate(Long.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(header.length)
                            .flip());
            write(channel, ByteBuffer.wrap(header));
            for (Map.Entry<String, INDArray> entry : inOrder) {
                write(channel, entry.getValue());
            }
        }
    }

    private static byte[] header(List<Map.Entry<String, INDArray>> tensors) throws IOException {
        StringWriter text = new StringWriter();
        JsonWriter json = new JsonWriter(text);
        json.beginObject();
        json.name("__metadata__").beginObject().name("format").value("pt").endObject();
        long begin = 0;
        for (Map.Entry<String, INDArray> entry : tensors) {
            INDArray tensor = entry.getValue();
            ElementType type = ElementType.of(tensor.dataType());
            json.name(entry.getKey()).beginObject();
            json.name("dtype").value(type.safetensorsName());
            json.name("shape").beginArray();
            for (long size : tensor.shape()) {
                json.value(size);
            }
            json.endArray();
            long end = begin + tensor.length() * type.bytes();
            json.name("data_offsets").beginArray().value(begin).value(end).endArray();
            json.endObject();
            begin = end;
        }
        json.endObject();
        int padding = -text.toString().getBytes(UTF_8).length & (ALIGNMENT - 1);
        return (text + " ".repeat(padding)).getBytes(UTF_8);
    }

    private static void write(FileChannel channel, INDArray tensor) throws IOException {
        ElementType type = ElementType.of(tensor.dataType());
        INDArray rows = tensor.dup('c');
        for (long begin = 0; begin < rows.length(); begin += PIECE) {
            int count = (int) Math.min(PIECE, rows.length() - begin);
            ByteBuffer bytes = ByteBuffer.allocate(count * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (long i = begin; i < begin + count; i++) {
                type.put(rows.data(), i, bytes);
            }
            write(channel, bytes.flip());
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
