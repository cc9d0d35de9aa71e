/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Files as the safetensors library writes them, and others that it would not. */
public final class SafetensorsWriter {

    private SafetensorsWriter() {}

    /** Tensors as float64, sorted by name as the library sorts them. */
    public static void write(Path file, Map<String, INDArray> tensors) {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        new TreeMap<>(tensors).forEach((name, tensor) -> {
            int begin = data.size();
            data.writeBytes(bytes(numbers(tensor)));
            header.append(",\"%s\":{\"dtype\":\"F64\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                    .formatted(name, Arrays.toString(tensor.shape()).replace(" ", ""), begin, data.size()));
        });
        write(file, header.append('}').toString(), data.toByteArray());
    }

    /** Row-major. */
    private static double[] numbers(INDArray tensor) {
        return tensor.isEmpty()
                ? new double[0]
                : tensor.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    /** Any header before any data; spaces fill the header up to a multiple of 8 bytes. */
    public static void write(Path file, String header, byte... data) {
        int padding = -header.getBytes(UTF_8).length & 7;
        byte[] text = (header + " ".repeat(padding)).getBytes(UTF_8);
        write(file, text.length, text, data);
    }

    public static void write(Path file, long claimedLength, byte[] header, byte... data) {
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

    public static byte[] bytes(double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(bytes::putDouble);
        return bytes.array();
    }
}
