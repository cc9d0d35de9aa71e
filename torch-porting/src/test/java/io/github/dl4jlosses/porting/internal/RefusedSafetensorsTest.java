/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.porting.SafetensorsWriter;
import io.github.dl4jlosses.porting.TorchWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers of safetensors files that lie are refused. */
@Timeout(60)
class RefusedSafetensorsTest {

    private static final String ENTRY = "\"%s\":{\"dtype\":\"F64\",\"shape\":[%s],\"data_offsets\":[%s,%s]}";
    private static final byte[] THREE = SafetensorsWriter.bytes(1, 2, 3);

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("file.safetensors");
    }

    private void assertRefused(String... reasons) {
        RefusedArchiveTest.assertRefused(file(), reasons);
    }

    private void assertHeaderRefused(String header, String... reasons) {
        SafetensorsWriter.write(file(), header, THREE);
        assertRefused(reasons);
    }

    private static String header(String... entries) {
        return "{" + String.join(",", entries) + "}";
    }

    @Test
    void theSameWriterMakesFilesThatAreRead() {
        SafetensorsWriter.write(
                file(), header(ENTRY.formatted("a", "2", 0, 16), ENTRY.formatted("b", "", 16, 24)), THREE);

        TorchWeights weights = TorchWeights.load(file());

        assertThat(weights.tensors().get("a").toDoubleVector()).containsExactly(1, 2);
        assertThat(weights.tensors().get("b").rank()).isZero();
        assertThat(weights.tensors().get("b").getDouble(0)).isEqualTo(3);
    }

    @Test
    void tensorsThatOverlapAreRefused() {
        assertHeaderRefused(
                header(ENTRY.formatted("a", "2", 0, 16), ENTRY.formatted("b", "2", 8, 24)),
                "Tensor b",
                "8 to 24",
                "overlap");
        assertHeaderRefused(header(ENTRY.formatted("a", "3", 0, 24), ENTRY.formatted("b", "3", 0, 24)), "overlap");
    }

    @Test
    void gapsAreRefused() {
        assertHeaderRefused(
                header(ENTRY.formatted("a", "1", 0, 8), ENTRY.formatted("b", "1", 16, 24)), "Tensor b", "gap");
        assertHeaderRefused(header(ENTRY.formatted("a", "2", 8, 24)), "Tensor a", "gap");
        assertHeaderRefused(header(ENTRY.formatted("a", "2", 0, 16)), "last 8 bytes", "no tensor");
        assertHeaderRefused("{}", "last 24 bytes");
    }

    @Test
    void tensorsBeyondTheEndAreRefused() {
        assertHeaderRefused(header(ENTRY.formatted("a", "4", 0, 32)), "0 to 32 of 24", "beyond the file");
        assertHeaderRefused(header(ENTRY.formatted("a", "3", 24, 0)), "24 to 0");
        assertHeaderRefused(
                header(ENTRY.formatted("a", "3", 0, 24), ENTRY.formatted("b", "0", "24", "999999999999999999")), "b");
    }

    @Test
    void aShapeOfAnotherSizeThanItsPlaceIsRefused() {
        assertHeaderRefused(header(ENTRY.formatted("a", "2", 0, 24)), "takes 16 bytes, but its place has 24");
        assertHeaderRefused(header(ENTRY.formatted("a", "4294967296,4294967296", 0, 24)), "larger than any array");
        assertHeaderRefused(header(ENTRY.formatted("a", "0,4294967296,4294967296", 0, 24)), "larger than any array");
        assertHeaderRefused(header(ENTRY.formatted("a", "1,".repeat(32) + "3", 0, 24)), "more than 32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "3e0", "\"3\"", "99999999999999999999", "+3", "03", "0x3", "null", "[3]"})
    void aSizeThatIsNoNumberIsRefused(String size) {
        assertHeaderRefused(header(ENTRY.formatted("tensor.a", size, 0, 24)), "file.safetensors: ", "ensor tensor.a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"U16", "U32", "U64", "F8_E4M3", "F8_E5M2", "C64", "f64", "F64 "})
    void aTypeThatNd4jLacksIsRefused(String type) {
        assertHeaderRefused(
                header(ENTRY.formatted("a", "3", 0, 24)).replace("F64", type),
                "dtype of the tensor a, " + type,
                "torch.bfloat16");
    }

    @Test
    void aHeaderOfAnotherFormIsRefused() {
        String good = ENTRY.formatted("a", "3", 0, 24);
        assertHeaderRefused(header(good, good), "'a' twice");
        assertHeaderRefused(header(good.replace("}", ",\"extra\":1}")), "'extra'");
        assertHeaderRefused(header(good.replace("}", ",\"dtype\":\"F64\"}")), "second 'dtype'");
        assertHeaderRefused(header(good.replace("\"dtype\":\"F64\",", "")), "no dtype");
        assertHeaderRefused(header(good.replace("[0,24]", "[0,24,24]")), "no two data_offsets");
        assertHeaderRefused(header(good) + "{}", "header");
        assertHeaderRefused("{\"a\":5}", "header");
        assertHeaderRefused("{\"a\":{\"dtype\":5,\"shape\":{},\"data_offsets\":[]}}", "header");
        assertHeaderRefused("{'a':1}", "header");
        assertHeaderRefused("{a:1}", "header");
        assertHeaderRefused(header(good).substring(0, 30), "header");
        assertHeaderRefused("{\"__metadata__\":" + "[".repeat(100_000), "header");
    }

    @Test
    void aHeaderThatIsNoUtf8IsRefused() {
        byte[] header = "{\"\u00ff\u00fe\":1}".getBytes(ISO_8859_1);
        SafetensorsWriter.write(file(), header.length, header);
        assertRefused("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1000, 16_777_217, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, -1, -8})
    void aClaimedLengthBeyondTheFileIsRefused(long length) {
        SafetensorsWriter.write(file(), length, "{\"a\":1}".getBytes(UTF_8), THREE);
        assertRefused("header claims", "16777216 are the limit");
    }

    @Test
    void everyTruncatedFileIsRefused() throws IOException {
        SafetensorsWriter.write(file(), header(ENTRY.formatted("a", "3", 0, 24)), THREE);
        byte[] good = Files.readAllBytes(file());
        for (int length = 0; length < good.length; length++) {
            Files.write(file(), Arrays.copyOf(good, length));
            assertRefused("save");
        }
    }

    @Test
    void aKeyIsRefused() {
        SafetensorsWriter.write(file(), header(ENTRY.formatted("a", "3", 0, 24)), THREE);
        RefusedArchiveTest.assertRefused(
                file(), () -> TorchWeights.load(file(), "model"), "no keys, so none named 'model'");
    }
}
