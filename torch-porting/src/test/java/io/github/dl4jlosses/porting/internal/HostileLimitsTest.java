/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.porting.ArchiveWriter;
import io.github.dl4jlosses.porting.PickleWriter;
import io.github.dl4jlosses.porting.RefusedFileException;
import io.github.dl4jlosses.porting.SafetensorsWriter;
import io.github.dl4jlosses.porting.TorchWeights;
import io.github.dl4jlosses.porting.internal.StoredTensors.ReadTensors;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.razorvine.pickle.Opcodes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Small files that once took much memory, much time or a long message: each was a fault of the readers. */
@Timeout(10)
class HostileLimitsTest {

    private static final long MEGABYTE = 1 << 20;

    @TempDir
    private Path folder;

    @BeforeEach
    void loadClasses() {
        TorchWeights.load(ArchiveWriter.good().write(folder));
    }

    private static void assertRefused(Path file, long most, String... reasons) {
        long before = ReadTrial.allocatedBytes();
        assertThatThrownBy(() -> TorchWeights.load(file))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContainingAll(reasons)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(3000))
                .satisfies(e -> assertThat(e.getMessage().codePoints()).allMatch(Refused::isPlain));
        assertThat(ReadTrial.allocatedBytes() - before).as("bytes allocated").isLessThan(most);
    }

    private Path archive(PickleWriter pickle) {
        return ArchiveWriter.with(pickle.end()).write(folder);
    }

    private Path scripted(PickleWriter pickle) {
        return ArchiveWriter.with(pickle.end()).scripted().write(folder);
    }

    private Path safetensors(String header, byte... data) {
        Path file = folder.resolve("file.safetensors");
        SafetensorsWriter.write(file, header, data);
        return file;
    }

    /** java.util.zip.ZipFile took 4.8 GB for a file of 502 bytes. */
    @Test
    void theNumberOfEntriesIsNotBelieved() {
        for (long count : new long[] {400_000_000, Integer.MAX_VALUE, 1L << 60, -1}) {
            assertRefused(
                    withLongEnd(count), MEGABYTE, Long.toUnsignedString(count) + " entries; 100000 are the limit");
        }
        assertRefused(withLongEnd(100_000), MEGABYTE, "fewer entries than it says");
        assertRefused(withLongEnd(1), MEGABYTE, "more entries than it says");
        assertThat(TorchWeights.load(withLongEnd(2)).tensors()).containsOnlyKeys("t");
    }

    /** The end of a directory as torch writes it, in the long form. */
    private Path withLongEnd(long count) {
        byte[] good = ArchiveWriter.good().bytes();
        int end = good.length - 22;
        ByteBuffer shortEnd = ByteBuffer.wrap(good, end, 22).slice().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer file = ByteBuffer.allocate(good.length + 56 + 20).order(ByteOrder.LITTLE_ENDIAN);
        file.put(good, 0, end);
        file.putInt(0x06064B50)
                .putLong(44)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putLong(count)
                .putLong(count);
        file.putLong(shortEnd.getInt(12)).putLong(shortEnd.getInt(16));
        file.putInt(0x07064B50).putInt(0).putLong(end).putInt(1);
        file.put(good, end, 22);
        return ArchiveWriter.write(folder, file.array());
    }

    @Test
    void theDirectoryMustEndTheFileAndLieBeforeItsEnd() {
        byte[] good = ArchiveWriter.good().bytes();
        byte[] behind = Arrays.copyOf(good, good.length + 5);
        behind[good.length - 2] = 5; // as a comment
        assertRefused(ArchiveWriter.write(folder, behind), MEGABYTE, "does not end with");
        byte[] moved = good.clone();
        moved[good.length - 6] ^= 1;
        assertRefused(ArchiveWriter.write(folder, moved), MEGABYTE, "does not lie where it should");
    }

    @Test
    void anEntryLiesWhereItsNameIs() {
        byte[] archive = ArchiveWriter.good().bytes();
        archive[30 + "archive/data.pk".length()] = 'L'; // the name in front of the bytes, not that of the directory
        assertRefused(ArchiveWriter.write(folder, archive), MEGABYTE, "data.pkl does not lie where it should");
    }

    @Test
    void anEntryThatReachesBeyondTheFileIsRefused() {
        byte[] good = ArchiveWriter.good().bytes();
        int directory = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getInt(good.length - 6);
        for (int position : new int[] {good.length - 10, good.length, Integer.MAX_VALUE, -1}) {
            byte[] archive = good.clone();
            ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN).putInt(directory + 42, position);
            assertRefused(ArchiveWriter.write(folder, archive), MEGABYTE, "The file ends too early");
        }
    }

    /** Five bytes named a module with a name of a megabyte, which was copied each time: 20 GB. */
    @Test
    void aLongNameOfAClassIsNotCopiedAgainAndAgain() {
        PickleWriter pickle = new PickleWriter()
                .text("__torch__." + "m".repeat(1 << 20))
                .raw(Opcodes.BINPUT, 0)
                .text("N")
                .raw(Opcodes.BINPUT, 1);
        for (int i = 0; i < 20_000; i++) {
            pickle.raw(Opcodes.BINGET, 0, Opcodes.BINGET, 1, Opcodes.STACK_GLOBAL);
        }
        assertRefused(scripted(pickle), 20 * MEGABYTE, "another object");
    }

    /** Texts and numbers of one hash cannot be compared, so that each was looked for among all: 43 seconds for 1 MB. */
    @Test
    void keysOfOneHashTakeLittleTime() {
        int count = 30_000;
        PickleWriter pickle = new PickleWriter().emptyDict().mark();
        int hash = 0;
        for (int i = 0; i < count; i++) {
            StringBuilder key = new StringBuilder();
            for (int bit = 0; bit < 17; bit++) {
                key.append(((i >> bit) & 1) == 0 ? "Aa" : "BB");
            }
            hash = key.toString().hashCode();
            pickle.text(key.toString()).raw(Opcodes.NONE);
        }
        for (int i = 1; i <= 2 * count; i++) {
            long key = ((long) i << 32) | ((i ^ hash) & 0xFFFF_FFFFL);
            pickle.number(BigInteger.valueOf(key)).raw(Opcodes.NONE);
        }
        assertRefused(scripted(pickle.items()), 100 * MEGABYTE, "is None; a state_dict holds only tensors");
    }

    @Test
    void aNumberIsAKeyOnlyOnceAndNoName() {
        PickleWriter twice = new PickleWriter().emptyDict().mark().number(5).goodTensor();
        assertRefused(archive(twice.raw(Opcodes.BININT1, 5).goodTensor().items()), MEGABYTE, "the key '5' twice");
        PickleWriter once = new PickleWriter().emptyDict().mark().number(5).goodTensor();
        assertRefused(archive(once.items()), MEGABYTE, "the key 5, a number");
    }

    /** The message had 84 million characters. */
    @Test
    void aMillionSizesMakeAShortMessage() {
        PickleWriter pickle = new PickleWriter()
                .orderedDict()
                .mark()
                .text("t")
                .global("torch._utils", "_rebuild_tensor_v2")
                .mark()
                .storage("DoubleStorage", "0", 3)
                .number(0)
                .mark()
                .number(Long.MAX_VALUE)
                .raw(Opcodes.BINPUT, 0);
        for (int i = 1; i < 1_000_000; i++) {
            pickle.raw(Opcodes.BINGET, 0);
        }
        pickle.tuple().raw(Opcodes.BINPUT, 1, Opcodes.BINGET, 1).tuple().call().items();
        assertRefused(archive(pickle), 100 * MEGABYTE, "1000000 sizes or strides, more than 32");
    }

    /** They were read to the end, four million of them with 3.4 GB of garbage. */
    @Test
    void aMillionSizesOfSafetensorsAreNotRead() {
        String header =
                "{\"a\":{\"dtype\":\"F64\",\"shape\":[" + "128,".repeat(1_000_000) + "1],\"data_offsets\":[0,8]}}";
        assertRefused(safetensors(header, new byte[8]), 10 * MEGABYTE, "more than 32 sizes");
    }

    @Test
    void longTextsMakeShortMessages() {
        String text = "n".repeat(1_000_000);
        assertRefused(archive(new PickleWriter().global(text, text)), 40 * MEGABYTE, "nnn..");
        assertRefused(archive(new PickleWriter().storage("DoubleStorage", text, 3)), 40 * MEGABYTE, "nnn..");
        assertRefused(archive(new PickleWriter().storage(text + "Storage", "0", 3)), 40 * MEGABYTE, "nnn..");
        PickleWriter twice = new PickleWriter()
                .emptyDict()
                .mark()
                .text(text)
                .number(1)
                .text(text)
                .number(1);
        assertRefused(archive(twice.items()), 40 * MEGABYTE, "nnn..");
        PickleWriter nested =
                new PickleWriter().emptyDict().mark().text(text).emptyDict().items();
        assertRefused(archive(nested), 40 * MEGABYTE, "nnn..");
        assertRefused(safetensors("{\"a\":{\"" + text + "\":1}}"), 40 * MEGABYTE, "nnn..");
        assertRefused(safetensors("{\"a\":{\"dtype\":\"" + text + "\"}}"), 40 * MEGABYTE, "no shape");
        assertRefused(safetensors("{\"a\":{\"shape\":[\"" + text + "\"]}}"), 40 * MEGABYTE, "nnn..");
        assertRefused(safetensors("{\"" + text + "\":"), 40 * MEGABYTE, "1000000 characters");
    }

    /** Twenty of them made a message of 24,000 characters. */
    @Test
    void manyLongKeysMakeAShortMessage() {
        for (String sign : List.of("n", "\u001b")) {
            PickleWriter pickle = new PickleWriter().emptyDict().mark();
            for (int i = 10; i < 50; i++) {
                pickle.text(i + sign.repeat(300)).emptyDict();
            }
            assertRefused(archive(pickle.items()), MEGABYTE, "is a dictionary", "40 in all]");
        }
    }

    /** A terminal would obey what the program prints of them. */
    @Test
    void whatMovesTheCursorIsNoName() {
        String header = "{\"a%sroot\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}";
        for (String sign : List.of("\\n", "\\r", "\\u001b[31m", "\\u0000", "\\u202e", "\\u2028", "\\u0085")) {
            assertRefused(safetensors(header.formatted(sign), new byte[8]), MEGABYTE, "nothing shows", "a\\u");
        }
        PickleWriter pickle = new PickleWriter().orderedDict().goodTensors("a\u001b[2J");
        assertRefused(archive(pickle), MEGABYTE, "nothing shows", "a\\u001b[2J");
        assertRefused(archive(new PickleWriter().global("a\rb", "c\u0007")), MEGABYTE, "a\\u000db.c\\u0007");
        assertThat(TorchWeights.load(safetensors(header.formatted("\u00e9\u4e2d\ud83d\ude00"), new byte[8]))
                        .tensors())
                .containsOnlyKeys("a\u00e9\u4e2d\ud83d\ude00root");
    }

    /** The names of modules in modules were not counted: 100,000 of 1000 characters. */
    @Test
    void longNamesOfManyTensorsAreCounted() {
        PickleWriter pickle = new PickleWriter().module().emptyDict().text("m".repeat(980));
        pickle.module().emptyDict().mark();
        pickle.text("t").goodTensor().raw(Opcodes.BINPUT, 0);
        for (int i = 0; i < 90_000; i++) {
            pickle.text("t" + i).raw(Opcodes.BINGET, 0);
        }
        pickle.items().raw(Opcodes.BUILD, Opcodes.SETITEM, Opcodes.BUILD);
        assertRefused(scripted(pickle), 250 * MEGABYTE, "With their names", "67108864");
    }

    /** An array without numbers was counted as 600 bytes, but takes 2500: a file of 1 MB took 15 seconds. */
    @Test
    void tensorsThatShareOneStorageAreCountedForWhatTheyTake() {
        PickleWriter pickle = new PickleWriter()
                .orderedDict()
                .mark()
                .text("t")
                .tensor("DoubleStorage", 3, 0, new long[] {0}, 1)
                .raw(Opcodes.BINPUT, 0);
        for (int i = 0; i < 30_000; i++) {
            pickle.text("t" + i).raw(Opcodes.BINGET, 0);
        }
        assertRefused(archive(pickle.items()), 250 * MEGABYTE, "67108864");
    }

    @Test
    void moreTensorsOfSafetensorsThanTheLimitAreNotRead() {
        StringBuilder header = new StringBuilder("{\"t\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
        for (int i = 0; i < 110_000; i++) {
            header.append(",\"t").append(i).append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
        }
        assertRefused(safetensors(header.append('}').toString()), 400 * MEGABYTE, "more than 100000 tensors");
    }

    /** The position of each of the 16 million elements was divided by all 32 sizes. */
    @Test
    void anExpandedTensorOfManyDimensionsTakesLittleTime() {
        long[] sizes = new long[32];
        Arrays.fill(sizes, 1);
        Arrays.fill(sizes, 4, 28, 2);
        PickleWriter pickle = new PickleWriter().tensor("ByteStorage", 24, 3, sizes, new long[32]);
        Map<String, INDArray> tensors = TorchWeights.load(
                        ArchiveWriter.with(PickleWriter.stateDict(pickle)).write(folder))
                .tensors();
        assertThat(tensors.get("t").length()).isEqualTo(1 << 24);
    }

    /** They waited for the garbage collector, which does not see native memory. */
    @Test
    void arraysOfARefusedFileAreGivenBack() {
        INDArray array;
        try (ReadTensors tensors = new ReadTensors(new Budget(1000))) {
            StridedTensor tensor = StridedTensor.contiguous("t", ElementType.FLOAT64, 3);
            tensors.add(
                    tensor, ByteBuffer.wrap(SafetensorsWriter.bytes(1, 2, 3)).order(ByteOrder.LITTLE_ENDIAN));
            array = tensors.arrays().get("t");
            assertThat(array.toDoubleVector()).containsExactly(1, 2, 3);
        }
        assertThat(array.wasClosed()).isTrue();
    }

    /** Each of the prefixes was compared with all: ten thousand million times. */
    @Test
    void manyPrefixesAreOrderedInLittleTime() {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        INDArray tensor = Nd4j.scalar(1f);
        for (int i = 99_999; i >= 0; i--) {
            tensors.put("layer" + i + ".weight", tensor);
        }
        List<TensorGroup> groups = new ArrayList<>(TensorGroup.of(tensors));
        // the processor's time: others may be at work on the machine
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        assertThat(PrefixOrder.sort(groups)).isTrue();
        long taken = threads.getCurrentThreadCpuTime() - start;
        assertThat(groups.get(10).prefix()).isEqualTo("layer10");
        assertThat(groups.get(99_999).prefix()).isEqualTo("layer99999");
        assertThat(TimeUnit.NANOSECONDS.toSeconds(taken)).isLessThan(5);
        assertThat(groups.toString()).isNotEmpty();
    }

    @Test
    void prefixesWithoutAnOrderAreNotSorted() {
        for (List<String> prefixes : List.of(
                List.of("a1", "b2", "a2"),
                List.of("a", "a1"),
                List.of("1", "01"),
                List.of("a1b", "a1c"),
                List.of("1", "a"),
                List.of("a1", "a2", "a2.x"))) {
            Map<String, INDArray> tensors = new LinkedHashMap<>();
            prefixes.forEach(prefix -> tensors.put(prefix + ".weight", Nd4j.scalar(1f)));
            List<TensorGroup> groups = TensorGroup.of(tensors);
            assertThat(PrefixOrder.sort(groups)).as(prefixes.toString()).isFalse();
            assertThat(groups).extracting(TensorGroup::prefix).isEqualTo(prefixes);
        }
    }

    @Test
    void aFileOfManyForeignTensorsMakesAShortMessage() {
        PickleWriter pickle = new PickleWriter().orderedDict().mark();
        pickle.text("a.t").goodTensor().raw(Opcodes.BINPUT, 0);
        for (int i = 0; i < 2000; i++) {
            pickle.text("a.t" + i).raw(Opcodes.BINGET, 0);
        }
        List<TensorGroup> groups =
                TensorGroup.of(TorchWeights.load(archive(pickle.items())).tensors());
        assertThat(groups.get(0).toString()).hasSizeLessThan(1000).endsWith(".. 2001 in all");
    }
}
