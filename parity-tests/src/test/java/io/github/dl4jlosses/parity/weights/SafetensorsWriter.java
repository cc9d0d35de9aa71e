/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.dl4jlosses.parity.TorchTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Files as the safetensors library writes them, and others that it would not. */
final class SafetensorsWriter {

    private SafetensorsWriter() {}

    /** Tensors of float64, sorted by name as the library sorts them. */
    static void write(Path file, Map<String, TorchTensor> tensors) {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        new TreeMap<>(tensors).forEach((name, tensor) -> {
            int begin = data.size();
            data.writeBytes(bytes(tensor.toDoubles()));
            header.append(",\"%s\":{\"dtype\":\"F64\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                    .formatted(name, Arrays.toString(tensor.shape()).replace(" ", ""), begin, data.size()));
        });
        write(file, header.append('}').toString(), data.toByteArray());
    }

    /** Any header before any data; spaces fill the header up to a multiple of 8 bytes. */
    static void write(Path file, String header, byte... data) {
        int padding = -header.getBytes(UTF_8).length & 7;
        byte[] text = (header + " ".repeat(padding)).getBytes(UTF_8);
        write(file, text.length, text, data);
    }

    static void write(Path file, long claimedLength, byte[] header, byte... data) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(claimedLength)
                .put(header)
                .put(data);
        try {
            Files.write(file, bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(bytes::putDouble);
        return bytes.array();
    }
}
