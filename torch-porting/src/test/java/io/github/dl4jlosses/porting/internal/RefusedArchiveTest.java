/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.porting.ArchiveWriter;
import io.github.dl4jlosses.porting.PickleWriter;
import io.github.dl4jlosses.porting.RefusedFileException;
import io.github.dl4jlosses.porting.SafetensorsWriter;
import io.github.dl4jlosses.porting.TorchWeights;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import net.razorvine.pickle.Opcodes;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that torch would not write, and other files, are refused. */
@Timeout(60)
class RefusedArchiveTest {

    private static final byte[] PICKLE = PickleWriter.stateDict(new PickleWriter().goodTensor());

    private static final int HEADER_BYTES = 30 + "archive/data/0".length();

    @TempDir
    private Path folder;

    static void assertRefused(Path file, String... reasons) {
        assertRefused(file, () -> TorchWeights.load(file), reasons);
    }

    static void assertRefused(Path file, ThrowingCallable load, String... reasons) {
        assertThatThrownBy(load)
                .isInstanceOf(RefusedFileException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContainingAll(reasons);
    }

    private void assertRefused(byte[] file, String... reasons) {
        assertRefused(ArchiveWriter.write(folder, file), reasons);
    }

    @Test
    void everyTruncatedArchiveIsRefused() {
        byte[] good = ArchiveWriter.with(PICKLE).bytes();
        for (int length = 4; length < good.length; length++) {
            assertRefused(Arrays.copyOf(good, length), "save it again");
        }
    }

    @Test
    void compressedEntriesAreRefused() {
        byte[] zeros = new byte[10_000_000];
        assertRefused(new ArchiveWriter().compressed("archive/data.pkl", PICKLE).bytes(), "data.pkl is compressed");
        assertRefused(
                new ArchiveWriter()
                        .stored("archive/data.pkl", PICKLE)
                        .compressed("archive/data/0", zeros)
                        .bytes(),
                "data/0 is compressed",
                "zip -0");
    }

    @Test
    void aClaimedSizeBeyondTheFileIsRefused() {
        byte[] archive = ArchiveWriter.with(PICKLE).bytes();
        int directoryEntry = lastIndexOf(archive, "archive/data/0") - 46;
        ByteBuffer.wrap(archive)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(directoryEntry + 20, 2_000_000_000)
                .putInt(directoryEntry + 24, 2_000_000_000);
        assertRefused(archive, "2000000000");
    }

    @Test
    void aSizeThatDiffersFromTheStoredOneIsRefused() {
        byte[] archive = ArchiveWriter.with(PICKLE).bytes();
        int directoryEntry = lastIndexOf(archive, "archive/data/0") - 46;
        ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN).putInt(directoryEntry + 24, 1_000_000_000);
        assertRefused(archive, "data/0");
    }

    /** Each of the entries is the content of the one before it, header and all. */
    @Test
    void entriesThatShareBytesBeyondTheFileAreRefused() {
        int storages = 9;
        PickleWriter pickle = new PickleWriter().orderedDict().mark();
        List<byte[]> contents = new ArrayList<>();
        byte[] content = new byte[1000];
        for (int i = storages - 1; i >= 0; i--) {
            contents.add(0, content);
            pickle.text("t" + i)
                    .global("torch._utils", "_rebuild_tensor_v2")
                    .mark()
                    .storage("ByteStorage", String.valueOf(i), content.length)
                    .number(0)
                    .raw(Opcodes.EMPTY_TUPLE, Opcodes.EMPTY_TUPLE)
                    .tuple()
                    .call();
            byte[] header = new ArchiveWriter().stored("archive/data/" + i).bytes();
            content = ByteBuffer.allocate(HEADER_BYTES + content.length)
                    .put(header, 0, HEADER_BYTES)
                    .put(content)
                    .array();
        }
        ArchiveWriter writer = new ArchiveWriter().stored("archive/data/0", contents.get(0));
        for (int i = 1; i < storages; i++) {
            writer.stored("archive/data/" + i);
        }
        byte[] archive = writer.stored("archive/data.pkl", pickle.items().end()).bytes();
        ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 1; i < storages; i++) {
            CRC32 checksum = new CRC32();
            checksum.update(contents.get(i));
            int entry = lastIndexOf(archive, "archive/data/" + i) - 46;
            bytes.putInt(entry + 16, (int) checksum.getValue());
            bytes.putInt(entry + 20, contents.get(i).length);
            bytes.putInt(entry + 24, contents.get(i).length);
            bytes.putInt(entry + 42, i * HEADER_BYTES);
        }
        assertRefused(archive, "have more than the file itself");
    }

    @Test
    void aWrongChecksumIsRefused() {
        byte[] archive = ArchiveWriter.with(PICKLE).bytes();
        archive[indexOf(archive, "archive/data/0") + "archive/data/0".length() + 7] ^= 1;
        assertRefused(archive, "data/0 does not have its checksum", "set_crc32_options");
    }

    @Test
    void anEntryThatIsThereTwiceIsRefused() {
        byte[] archive = ArchiveWriter.with(PICKLE)
                .stored("archive/data/1", SafetensorsWriter.bytes(4, 5, 6))
                .bytes();
        assertRefused(ArchiveWriter.renamed(archive, "archive/data/1", "archive/data/0"), "data/0' twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "archive/../evil",
                "archive/../../evil",
                "/etc/evil",
                "archive/./data/7",
                "archive\\evil",
                "archive/..\\evil",
                "other/data/0",
                "archive2/data/0",
                "evil"
            })
    void anEntryOutsideTheFolderIsRefused(String name) {
        assertRefused(ArchiveWriter.with(PICKLE).stored(name).bytes(), "lies outside", name);
    }

    @Test
    void anArchiveWithoutItsPartsIsRefused() {
        assertRefused(new ArchiveWriter().stored("archive/data/0").bytes(), "no data.pkl", "torch 1.6 or newer");
        assertRefused(new ArchiveWriter().stored("model.json").bytes(), "no data.pkl");
        assertRefused(new ArchiveWriter().stored("archive/data.pkl", PICKLE).bytes(), "lacks its entry archive/data/0");
        assertRefused(ArchiveWriter.with(PICKLE).stored("two/data.pkl", PICKLE).bytes(), "two pickles");
        assertRefused(new ArchiveWriter().stored("data.pkl", PICKLE).bytes(), "no data.pkl");
    }

    @Test
    void tooManyEntriesAreRefused() {
        ArchiveWriter archive = ArchiveWriter.with(PICKLE);
        for (int i = 1; i < 100_000; i++) {
            archive.stored("archive/" + i);
        }
        assertRefused(archive.bytes(), "has 100001 entries; 100000 are the limit");
    }

    @Test
    void anotherByteOrderIsRefused() {
        assertRefused(
                ArchiveWriter.with(PICKLE)
                        .stored("archive/byteorder", "big".getBytes(UTF_8))
                        .bytes(),
                "byte order 'big'");
        assertRefused(
                ArchiveWriter.with(PICKLE)
                        .stored("archive/byteorder", new byte[17])
                        .bytes(),
                "16 are the limit");
    }

    @Test
    void aFileOfTorchBefore16IsRefused() {
        byte[] magic = new PickleWriter()
                .raw(Opcodes.LONG1, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19)
                .end();
        assertRefused(magic, "before version 1.6", "torch.save");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "P", "PK", "hello, this is no model", "12345678"})
    void anyOtherFileIsRefused(String content) {
        assertRefused(content.getBytes(UTF_8), "begins like none of those", "safetensors");
    }

    @Test
    void aFileBeyondTheLimitIsRefusedBeforeItIsRead() throws IOException {
        Path file = folder.resolve("file.pt");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }
        assertRefused(file, "3221225472", "2147483631");
        Files.delete(file);
    }

    @Test
    void aMissingFileIsAnErrorOfReading() {
        assertThatThrownBy(() -> TorchWeights.load(folder.resolve("none.pt")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none.pt");
        assertThatThrownBy(() -> TorchWeights.load(folder)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void theCheckpointsKeyMustBeThere() throws IOException {
        byte[] pickle = new PickleWriter()
                .emptyDict()
                .mark()
                .text("epoch")
                .number(3)
                .text("model")
                .orderedDict()
                .goodTensors("t")
                .items()
                .end();
        Path file = ArchiveWriter.with(pickle).write(folder);

        assertThat(TorchWeights.load(file, "model").tensors()).containsOnlyKeys("t");
        assertRefused(file, () -> TorchWeights.load(file, "net"), "no key 'net'; there are [epoch, model]");
        assertRefused(file, () -> TorchWeights.load(file, "epoch"), "holds the number or truth value 3");
        assertRefused(file, "'epoch' is the number");
        assertThatThrownBy(() -> TorchWeights.load(file, null)).isInstanceOf(IllegalArgumentException.class);
    }

    private static int indexOf(byte[] bytes, String text) {
        return new String(bytes, ISO_8859_1).indexOf(text);
    }

    /** In the directory at the end. */
    private static int lastIndexOf(byte[] bytes, String text) {
        return new String(bytes, ISO_8859_1).lastIndexOf(text);
    }
}
