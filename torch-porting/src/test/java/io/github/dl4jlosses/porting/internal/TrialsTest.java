/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dl4jlosses.porting.PickleWriter;
import io.github.dl4jlosses.porting.internal.HostileFile.Kind;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.Unpickler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Readers that do what no file may bring about: each is complained of. */
@Timeout(60)
class TrialsTest {

    private static final ReadTrial.PickleReader GOOD_PICKLES = TensorUnpickler::read;
    private static final int SECONDS = 30;

    @TempDir
    private Path folder;

    /** The library without a list of what is allowed. */
    private static Object readOpenly(byte[] pickle, boolean scripted) throws IOException {
        return new Unpickler().load(new ByteArrayInputStream(pickle));
    }

    private static Map<String, INDArray> readArchiveOpenly(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            readOpenly(new TorchArchive(new FileBytes(channel, channel.size())).pickle(), false);
        }
        return Map.of();
    }

    private static Map<String, INDArray> refuse(Path file) {
        throw new Refused(file + ": it is refused");
    }

    private static ReadTrial.FileReader refusing(String message) {
        return file -> {
            throw new Refused(message.formatted(file));
        };
    }

    private static HostileFile withPickle(PickleWriter pickle) {
        return new HostileFile(Kind.PICKLE, pickle.end(), Map.of("archive/data.pkl", new byte[0]));
    }

    private static HostileFile anyFile() {
        return HostileFile.whole(Kind.SAFETENSORS, new byte[100]);
    }

    private String complaint(HostileFile hostile, ReadTrial.FileReader files, ReadTrial.PickleReader pickles)
            throws IOException, InterruptedException, ExecutionException {
        try (Trials trials = new Trials(folder, files, pickles, SECONDS)) {
            return trials.of(hostile).complaint();
        }
    }

    private String complaint(ReadTrial.FileReader files) throws IOException, InterruptedException, ExecutionException {
        return complaint(anyFile(), files, GOOD_PICKLES);
    }

    private String complaintOfPickle(PickleWriter pickle, ReadTrial.PickleReader pickles)
            throws IOException, InterruptedException, ExecutionException {
        return complaint(withPickle(pickle), TrialsTest::refuse, pickles);
    }

    @Test
    void aRefusalAndDataAreNotComplainedOf() throws Exception {
        assertThat(complaint(TrialsTest::refuse)).isNull();
        assertThat(complaint(file -> Map.of("t", Nd4j.createUninitialized(DataType.DOUBLE, 100))))
                .isNull();
        assertThat(complaintOfPickle(new PickleWriter().orderedDict(), GOOD_PICKLES))
                .isNull();
    }

    @Test
    void aCallOfAClassThatAPickleNamesIsSeen() throws Exception {
        PickleWriter call =
                new PickleWriter().global("os", "system").mark().text("true").tuple();
        HostileFile hostile = withPickle(call.call());
        String expected = "calls a class that the pickle names";
        assertThat(complaint(hostile, TrialsTest::readArchiveOpenly, GOOD_PICKLES))
                .isEqualTo(expected);
        assertThat(complaint(hostile, TrialsTest::refuse, TrialsTest::readOpenly))
                .isEqualTo(expected);
        assertThat(complaint(hostile, TrialsTest::refuse, GOOD_PICKLES)).isNull();
    }

    @Test
    void anObjectThatIsNoDataIsSeen() throws Exception {
        assertThat(complaintOfPickle(new PickleWriter().raw(Opcodes.EMPTY_SET), TrialsTest::readOpenly))
                .isEqualTo("the pickle made a " + HashSet.class);
        for (Object root : List.of(
                Instant.EPOCH,
                List.of(1, Instant.EPOCH),
                new Object[] {new Object[] {"text", Instant.EPOCH}},
                dictionary())) {
            assertThat(complaintOfPickle(new PickleWriter(), (pickle, scripted) -> root))
                    .isEqualTo("the pickle made a " + Instant.class);
        }
    }

    private static PickledDictionary dictionary() {
        PickledDictionary state = new PickledDictionary();
        state.put("date", Instant.EPOCH);
        ScriptModule module = new ScriptModule(new PythonClass.Script("__torch__", "M"));
        module.set(state);
        PickledDictionary dictionary = new PickledDictionary();
        dictionary.put("module", module);
        return dictionary;
    }

    /** The pickles by a grammar reach both of them soon. */
    @Test
    void picklesMadeUpCallAndMakeWhatAnOpenReaderLetsThem() throws Exception {
        Random random = PrintedSeed.randomFor(TrialsTest.class);
        Set<String> complaints = new HashSet<>();
        try (Trials trials = new Trials(folder, TrialsTest::refuse, TrialsTest::readOpenlyOrRefuse, SECONDS)) {
            for (int i = 0; i < 300; i++) {
                HostileFile made = new HostileFile(Kind.MADE_UP_PICKLE, RandomPickle.next(random), Map.of());
                String complaint = trials.of(made).complaint();
                if (complaint != null) {
                    complaints.add(complaint);
                }
            }
        }
        assertThat(complaints).contains("calls a class that the pickle names");
        assertThat(complaints).anyMatch(complaint -> complaint.startsWith("the pickle made a class "));
    }

    private static Object readOpenlyOrRefuse(byte[] pickle, boolean scripted) {
        try {
            return readOpenly(pickle, scripted);
        } catch (IOException | RuntimeException e) {
            throw new Refused("The library refuses it", e);
        }
    }

    @Test
    void anythingButARefusalIsSeen() throws Exception {
        for (Throwable thrown : List.of(
                new IllegalArgumentException("refused"),
                new ClassCastException("refused"),
                new OutOfMemoryError("refused"),
                new StackOverflowError("refused"),
                new IOException("refused"))) {
            assertThat(complaint(file -> {
                        raise(thrown);
                        return Map.of();
                    }))
                    .startsWith("ends with " + thrown);
            assertThat(complaintOfPickle(new PickleWriter(), (pickle, scripted) -> {
                        raise(thrown);
                        return null;
                    }))
                    .isEqualTo("the pickle ends with " + thrown);
        }
    }

    private static void raise(Throwable thrown) throws IOException {
        if (thrown instanceof IOException e) {
            throw e;
        }
        if (thrown instanceof Error e) {
            throw e;
        }
        throw (RuntimeException) thrown;
    }

    @Test
    void aMessageThatIsLongOrNotPlainOrNamesNoFileIsSeen() throws Exception {
        assertThat(complaint(refusing("%s: " + "too long ".repeat(400)))).startsWith("has a message of ");
        assertThat(complaint(refusing("It does not say which"))).startsWith("has a message of ");
        assertThat(complaint(refusing("%s: \u001b[31m"))).isEqualTo("has a message that is not plain");
        assertThat(complaint(file -> Map.of("a\nb", Nd4j.scalar(1f))))
                .isEqualTo("the name of a tensor has what a terminal obeys");
    }

    @Test
    void moreMemoryThanTheLimitsIsSeen() throws Exception {
        int megabyte = 1 << 20;
        assertThat(complaint(file -> {
                    byte[] garbage = new byte[megabyte + 101 * 100 + 100];
                    assertThat(garbage).isNotEmpty();
                    return refuse(file);
                }))
                .matches("takes \\d+ bytes of \\d+");
        assertThat(complaint(file -> {
                    byte[] garbage = new byte[megabyte + 101 * 100 + 6500 + 400 + 100];
                    return Map.of("t" + garbage.length, Nd4j.createUninitialized(DataType.INT8, 100));
                }))
                .matches("takes \\d+ bytes of \\d+");
        assertThat(complaint(file -> Map.of("t", Nd4j.createUninitialized(DataType.INT8, 64 * megabyte + 1))))
                .isEqualTo("has tensors of " + (64 * megabyte + 1) + " bytes");
        assertThat(complaintOfPickle(new PickleWriter(), (pickle, scripted) -> new byte[(64 << 10) + 1000].length))
                .matches("the pickle of 3 bytes takes \\d+");
    }

    @Test
    void filesThatAreLeftAreSeen() throws Exception {
        List<FileChannel> open = new ArrayList<>();
        try (Trials trials = new Trials(
                folder,
                file -> {
                    open.add(FileChannel.open(file));
                    return refuse(file);
                },
                GOOD_PICKLES,
                SECONDS)) {
            assertThat(trials.of(anyFile()).complaint()).isNull();
            assertThat(open).hasSize(1);
            if (Trials.tellsOpenFiles()) {
                assertThat(trials.complaintOfLeftFiles()).startsWith("leaves open [");
            }
            open.get(0).close();
            assertThat(trials.complaintOfLeftFiles()).isNull();
            Files.write(folder.resolve("other"), new byte[1]);
            assertThat(trials.complaintOfLeftFiles()).startsWith("leaves [").contains("other");
        }
    }

    @Test
    void aReaderThatDoesNotEndIsSeenAndTheNextFileIsRead() throws Exception {
        try (Trials trials = new Trials(
                folder,
                file -> {
                    while (Files.size(file) > 1 && !Thread.interrupted()) {
                        Thread.onSpinWait();
                    }
                    return refuse(file);
                },
                GOOD_PICKLES,
                1)) {
            assertThat(trials.of(anyFile()).complaint()).isEqualTo("takes more than 1 seconds");
            assertThat(trials.of(HostileFile.whole(Kind.SAFETENSORS, new byte[1]))
                            .complaint())
                    .isNull();
        }
    }

    /** Memory that Java did not give is seen, memory that it gave is not. */
    @Test
    void memoryOutsideOfTheHeapIsSeen() throws Exception {
        assumeTrue(OutsideOfHeap.isTold());
        int megabytes = 200;
        double before = OutsideOfHeap.megabytes();
        byte[][] inside = new byte[megabytes][1 << 20];
        double after = OutsideOfHeap.megabytes();
        assertThat(after - before).isLessThan(megabytes / 2.0);
        try (INDArray outside = Nd4j.ones(DataType.INT8, megabytes, 1 << 20)) {
            assertThat(OutsideOfHeap.megabytes() - after).isBetween(megabytes / 2.0, 2.0 * megabytes);
            assertThat(outside.length()).isEqualTo((long) inside.length << 20);
        }
    }
}
