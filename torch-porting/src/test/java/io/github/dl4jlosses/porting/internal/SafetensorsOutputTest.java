/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The bytes of a file, by the rules of the format. */
class SafetensorsOutputTest {

    @TempDir
    private Path folder;

    private byte[] written(Map<String, INDArray> tensors) throws IOException {
        Path file = folder.resolve("file.safetensors");
        SafetensorsOutput.write(tensors, file);
        return Files.readAllBytes(file);
    }

    private static String header(byte[] file) {
        long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        return new String(file, Long.BYTES, (int) length, UTF_8);
    }

    private static ByteBuffer data(byte[] file) {
        int begin = Long.BYTES + header(file).getBytes(UTF_8).length;
        return ByteBuffer.wrap(file, begin, file.length - begin).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void wideNumbersComeFirstAndThenTheNamesAndDataBeginsAtAMultipleOfEight() throws IOException {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        tensors.put("b", Nd4j.createFromArray(1f, 2f));
        tensors.put("half", Nd4j.createFromArray(1f).castTo(DataType.FLOAT16));
        tensors.put("a", Nd4j.createFromArray(new float[][] {{3, 4, 5}}));
        tensors.put("z", Nd4j.createFromArray(6.));

        byte[] file = written(tensors);

        assertThat(header(file).strip())
                .isEqualTo("{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"z\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,3],\"data_offsets\":[8,20]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[20,28]},"
                        + "\"half\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[28,30]}}");
        assertThat(header(file).getBytes(UTF_8).length % 8).isZero();
        assertThat(header(file)).startsWith("{");
        ByteBuffer data = data(file);
        assertThat(data.getDouble()).isEqualTo(6);
        for (float number : new float[] {3, 4, 5, 1, 2}) {
            assertThat(data.getFloat()).isEqualTo(number);
        }
        assertThat(data.getShort()).isEqualTo((short) 0x3C00);
        assertThat(data.hasRemaining()).isFalse();
    }

    @Test
    void whateverTheOrderOfAnArrayItsRowsComeOneAfterTheOther() throws IOException {
        INDArray rows = Nd4j.createFromArray(new double[][] {{1, 2, 3}, {4, 5, 6}});

        assertThat(written(Map.of("t", rows.dup('f')))).isEqualTo(written(Map.of("t", rows)));
        assertThat(written(Map.of("t", rows.transpose().dup('c').transpose()))).isEqualTo(written(Map.of("t", rows)));
        assertThat(data(written(Map.of("t", rows.transpose()))).getDouble(8)).isEqualTo(4);
    }

    /** All 65536 of them, each through ND4J to float and back. */
    @Test
    void everyHalfComesBackAsItIs() throws IOException {
        ByteBuffer memory = ByteBuffer.allocate(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int bits = 0; bits < 1 << 16; bits++) {
            memory.putShort((short) bits);
        }
        int[] at = {0};
        INDArray halves = ElementType.FLOAT16.read(memory, 1 << 16, () -> at[0]++, 1 << 16);

        ByteBuffer back = data(written(Map.of("t", halves)));

        for (int bits = 0; bits < 1 << 16; bits++) {
            boolean isNaN = (bits & 0x7C00) == 0x7C00 && (bits & 0x3FF) != 0;
            int expected = isNaN ? 0x7E00 : bits;
            assertThat(back.getShort(2 * bits) & (isNaN ? 0x7E00 : 0xFFFF))
                    .as("%x", bits)
                    .isEqualTo(expected);
        }
    }

    @Test
    void moreNumbersThanGoAtOnceAreAllThere() throws IOException {
        INDArray many = Nd4j.arange(200_000).castTo(DataType.FLOAT);

        ByteBuffer data = data(written(Map.of("t", many)));

        float[] numbers = new float[200_000];
        data.asFloatBuffer().get(numbers);
        assertThat(numbers).isEqualTo(many.data().asFloat());
    }

    @Test
    void namesAreEscapedAndLongerFilesReplaced() throws IOException {
        byte[] longer = written(Map.of("a \"quoted\" ü", Nd4j.zeros(DataType.DOUBLE, 100)));
        assertThat(header(longer)).contains("\"a \\\"quoted\\\" ü\"");

        byte[] shorter = written(Map.of("a", Nd4j.zeros(DataType.DOUBLE, 1)));

        assertThat(shorter).hasSizeLessThan(longer.length);
        assertThat(Arrays.copyOfRange(shorter, shorter.length - 8, shorter.length))
                .containsOnly(0);
    }

    @Test
    void whatNoNetworkHasAndAPlaceThatIsNotThereAreErrors() {
        assertThatThrownBy(() -> written(Map.of("t", Nd4j.createFromArray(1L))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Weights are no INT64");
        assertThatThrownBy(() -> written(Map.of("t", Nd4j.createFromArray(1L).castTo(DataType.UINT32))))
                .hasMessageContaining("Files of torch cannot hold elements of the type UINT32");
        assertThatThrownBy(() -> SafetensorsOutput.write(Map.of(), folder.resolve("nowhere/file")))
                .isInstanceOf(NoSuchFileException.class);
    }
}
