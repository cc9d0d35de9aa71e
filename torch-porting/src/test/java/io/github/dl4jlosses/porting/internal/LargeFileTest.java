/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.porting.ArchiveWriter;
import io.github.dl4jlosses.porting.PickleWriter;
import io.github.dl4jlosses.porting.SafetensorsWriter;
import io.github.dl4jlosses.porting.TorchWeights;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The limits leave large honest files alone. Element i of each tensor is i modulo 113, so that a lost one is seen. */
@Timeout(120)
class LargeFileTest {

    private static final int MODULUS = 113;
    private static final int PIECE_BYTES = MODULUS << 12;

    @TempDir
    private Path folder;

    /** 200 MB as torch.save writes them: one tensor of half of it, transposed, and one of every dtype. */
    @Test
    void aStateDictOf200MegabytesIsRead() throws IOException {
        int rows = 6000;
        int columns = 5000;
        PickleWriter pickle = new PickleWriter().orderedDict().mark();
        long[] transposed = {columns, rows};
        pickle.text("large.weight").tensor("FloatStorage", "0", (long) rows * columns, 0, transposed, 1, columns);
        ElementType[] types = ElementType.values();
        int each = 2_500_000;
        for (int i = 0; i < types.length; i++) {
            String key = String.valueOf(i + 1);
            pickle.text("t" + i).tensor(storage(types[i]), key, each, 0, new long[] {each}, 1);
        }
        ArchiveWriter archive = new ArchiveWriter()
                .stored("model/data.pkl", pickle.items().end())
                .stored("model/data/0", storage(ElementType.FLOAT32, rows * columns));
        for (int i = 0; i < types.length; i++) {
            archive.stored("model/data/" + (i + 1), storage(types[i], each));
        }
        Path file = archive.write(folder);
        assertThat(Files.size(file)).isGreaterThan(200_000_000);

        Map<String, INDArray> tensors = TorchWeights.load(file).tensors();

        INDArray large = tensors.get("large.weight");
        assertThat(large.shape()).containsExactly(columns, rows);
        for (int i = 0; i < 10_000; i++) {
            int row = i * 7919 % columns;
            int column = i * 6007 % rows;
            assertThat(large.getDouble(row, column)).isEqualTo((column * (double) columns + row) % MODULUS);
        }
        for (int i = 0; i < types.length; i++) {
            INDArray tensor = tensors.get("t" + i);
            assertThat(tensor.length()).isEqualTo(each);
            assertThat(tensor.dataType().width()).isEqualTo(types[i].bytes());
            for (int element : new int[] {0, 1, MODULUS, (1 << 20) - 1, 1 << 20, (1 << 21) + 1, each - 1}) {
                double wanted = element % MODULUS;
                assertThat(tensor.getDouble(element))
                        .isEqualTo(types[i] == ElementType.BOOL ? Math.min(1, wanted) : wanted);
            }
            tensor.close();
        }
        large.close();
    }

    /** Elements of a byte were counted as four, so that more than 512 MB of them were refused. */
    @Test
    void aSafetensorsFileOf600MegabytesOfBytesIsRead() throws IOException {
        Path file = folder.resolve("model.safetensors");
        int elements = 600_000_000;
        String header = "{\"t\":{\"dtype\":\"I8\",\"shape\":[" + elements + "],\"data_offsets\":[0," + elements + "]}}";
        SafetensorsWriter.write(file, header);
        byte[] piece = piece(ElementType.INT8, PIECE_BYTES);
        try (OutputStream out = Files.newOutputStream(file, java.nio.file.StandardOpenOption.APPEND)) {
            for (int begin = 0; begin < elements; begin += PIECE_BYTES) {
                out.write(piece, 0, Math.min(PIECE_BYTES, elements - begin));
            }
        }

        INDArray tensor = TorchWeights.load(file).tensors().get("t");

        assertThat(tensor.length()).isEqualTo(elements);
        assertThat(tensor.dataType()).isEqualTo(DataType.INT8);
        for (int i = 0; i < 10_000; i++) {
            int element = (int) (i * 600_011L % elements);
            assertThat(tensor.getInt(element)).isEqualTo(element % MODULUS);
        }
        tensor.close();
    }

    private static String storage(ElementType type) {
        return switch (type) {
            case FLOAT64 -> "DoubleStorage";
            case FLOAT32 -> "FloatStorage";
            case FLOAT16 -> "HalfStorage";
            case BFLOAT16 -> "BFloat16Storage";
            case INT64 -> "LongStorage";
            case INT32 -> "IntStorage";
            case INT16 -> "ShortStorage";
            case INT8 -> "CharStorage";
            case UINT8 -> "ByteStorage";
            case BOOL -> "BoolStorage";
        };
    }

    private static byte[] storage(ElementType type, int elements) {
        byte[] content = new byte[elements * type.bytes()];
        byte[] piece = piece(type, MODULUS);
        for (int begin = 0; begin < content.length; begin += piece.length) {
            System.arraycopy(piece, 0, content, begin, Math.min(piece.length, content.length - begin));
        }
        return content;
    }

    /** From element 0 on; half has no ready form in Java, but its numbers below 2048 are shifted integers. */
    private static byte[] piece(ElementType type, int elements) {
        ByteBuffer piece = ByteBuffer.allocate(elements * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
            int value = i % MODULUS;
            switch (type) {
                case FLOAT64 -> piece.putDouble(value);
                case FLOAT32 -> piece.putFloat(value);
                case FLOAT16 -> piece.putShort(half(value));
                case BFLOAT16 -> piece.putShort((short) (Float.floatToIntBits(value) >>> 16));
                case INT64 -> piece.putLong(value);
                case INT32 -> piece.putInt(value);
                case INT16 -> piece.putShort((short) value);
                case INT8, UINT8, BOOL -> piece.put((byte) value);
            }
        }
        return piece.array();
    }

    private static short half(int value) {
        if (value == 0) {
            return 0;
        }
        int exponent = 31 - Integer.numberOfLeadingZeros(value);
        return (short) (((exponent + 15) << 10) | ((value << (10 - exponent)) & 0x3FF));
    }
}
