/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dl4jlosses.porting.SavedModel;
import io.github.dl4jlosses.porting.internal.HostileFile.Kind;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Hostile files, changed from real ones and made up by grammars: each is read or refused as the documents say, in time,
 * within the memory that they promise, and nothing of it is run. {@code -Dfuzz.files=N} says how many.
 *
 * <p>A file to which something new happened joins those that are changed further. What failed lies in
 * {@code target/hostile-files}.
 */
class HostileFilesTest {

    private static final int FILES = Integer.getInteger("fuzz.files", 3_000);
    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final int SHOWN = 10;
    private static final int MOST_KEPT = 400;
    private static final int LARGEST_KEPT = 100_000;
    private static final int FILES_BETWEEN_CHECKS = 500;
    private static final double MEGABYTE = 1 << 20;

    /**
     * What the process may grow by outside of Java's heap, in MB: the tables of the collector, which reserves 190 for a
     * heap of 4 GB, compiled code and classes.
     */
    private static final double MOST_GROWTH = 256;

    /** The same in the seconds that creating shapes takes, without much garbage. */
    private static final double NOISE = 64;

    /** In one of them the collector may reserve memory or give it back, as it does when its heap changes its size. */
    private static final int ROUNDS = 3;

    private static final int SHAPES = Math.max(20_000, FILES / ROUNDS);
    private static final int WARM_UP = 10_000;
    private static final int SIZES = 40;
    private static final double MOST_OF_A_SHAPE = 2000;

    @TempDir
    private Path folder;

    private final Random random = PrintedSeed.randomFor(HostileFilesTest.class);
    private final ByteChanges changes = new ByteChanges(random);
    private final Map<Kind, List<HostileFile>> kept = new EnumMap<>(Kind.class);
    private final Map<Kind, int[]> counts = new EnumMap<>(Kind.class);
    private final Set<String> outcomes = new HashSet<>();
    private final List<String> complaints = new ArrayList<>();
    private long slowest;
    private Kind slowestKind;
    private double largestShare;

    @Test
    void areReadOrRefusedAsTheDocumentsSay() throws IOException, InterruptedException, ExecutionException {
        addRealFiles();
        try (Trials trials = new Trials(folder)) {
            for (Kind kind : kept.keySet()) {
                for (HostileFile real : List.copyOf(kept.get(kind))) {
                    read(trials, real, -1);
                }
            }
            counts.clear();
            slowest = 0;
            double before = megabytesOutside();
            long start = System.nanoTime();
            for (int i = 0; i < FILES && complaints.size() < SHOWN; i++) {
                read(trials, next(), i);
                if (i % FILES_BETWEEN_CHECKS == 0) {
                    assertThat(trials.complaintOfLeftFiles()).isNull();
                }
            }
            double growth = megabytesOutside() - before;
            print(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start), growth);
            assertThat(complaints).isEmpty();
            assertThat(growth).as("MB more").isLessThan(MOST_GROWTH);
        }
    }

    /** ND4J keeps each different shape; the documents say how much that is. */
    @Test
    void leaveLittleOfEachDifferentShape() throws IOException {
        assumeTrue(OutsideOfHeap.isTold());
        double few = megabytesOfShapes(3);
        double most = megabytesOfShapes(StridedTensor.MOST_DIMENSIONS);
        print(
                "of %,d different shapes of 3 dimensions %.0f bytes each stay outside of the heap,"
                        + " of 32 dimensions %.0f",
                SHAPES, few * MEGABYTE / SHAPES, most * MEGABYTE / SHAPES);
        assertThat(Math.max(few, most)).as("MB more").isLessThan(NOISE + SHAPES * MOST_OF_A_SHAPE / MEGABYTE);
    }

    /** The median of what so many shapes leave in each of the rounds, which have shapes of their own. */
    private static double megabytesOfShapes(int rank) throws IOException {
        create(rank, 0, WARM_UP);
        double[] growth = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            double before = OutsideOfHeap.megabytes();
            create(rank, WARM_UP + round * SHAPES, SHAPES);
            growth[round] = OutsideOfHeap.megabytes() - before;
        }
        Arrays.sort(growth);
        return growth[ROUNDS / 2];
    }

    /** Creates arrays of different shapes and closes them: large and small ones in turn, so that memory is used again. */
    private static void create(int rank, int first, int count) {
        long[] shape = new long[rank];
        Arrays.fill(shape, 1);
        for (int i = first; i < first + count; i++) {
            shape[0] = 1L + i % SIZES;
            shape[1] = 1L + i / SIZES % SIZES;
            shape[2] = 1L + i / (SIZES * SIZES);
            Nd4j.createUninitialized(DataType.INT8, shape).close();
        }
    }

    private void addRealFiles() throws IOException {
        for (Kind kind : Kind.values()) {
            kept.put(kind.changed(), new ArrayList<>());
        }
        for (SavedModel model : SavedModel.values()) {
            HostileFile.of(model, folder).forEach(this::keep);
        }
    }

    private void keep(HostileFile file) {
        kept.get(file.kind().changed()).add(file);
    }

    private HostileFile next() {
        Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        return switch (kind) {
            case DIRECTORY ->
                HostileFile.whole(kind, RandomDirectory.of(anyOf(Kind.PICKLE).bytes(), random));
            case MADE_UP_PICKLE -> new HostileFile(kind, RandomPickle.next(random), parts());
            case MADE_UP_SAFETENSORS -> HostileFile.whole(kind, RandomSafetensors.next(random));
            case ARCHIVE, PICKLE, SAFETENSORS -> {
                HostileFile file = anyOf(kind);
                List<byte[]> others = List.of(anyOf(kind).core(), anyOf(kind).core());
                yield new HostileFile(kind, changes.of(file.core(), others), file.parts());
            }
        };
    }

    private Map<String, byte[]> parts() {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        parts.put("archive/data.pkl", new byte[0]);
        parts.put("archive/data/0", new byte[64]);
        if (random.nextBoolean()) {
            parts.put("archive/constants.pkl", new byte[1]);
        }
        return parts;
    }

    private HostileFile anyOf(Kind kind) {
        List<HostileFile> files = kept.get(kind);
        return files.get(random.nextInt(files.size()));
    }

    private void read(Trials trials, HostileFile hostile, int number)
            throws IOException, InterruptedException, ExecutionException {
        ReadTrial trial = trials.of(hostile);
        if (trial.complaint() != null) {
            complain(hostile, number, trial.complaint());
        }
        count(hostile, trial);
        if (outcomes.add(trial.outcome())
                && hostile.core().length < LARGEST_KEPT
                && kept.get(hostile.kind().changed()).size() < MOST_KEPT) {
            keep(hostile);
        }
    }

    private void count(HostileFile hostile, ReadTrial trial) {
        int[] count = counts.computeIfAbsent(hostile.kind(), kind -> new int[2]);
        count[0]++;
        count[1] += trial.read() ? 1 : 0;
        if (trial.nanos() > slowest) {
            slowest = trial.nanos();
            slowestKind = hostile.kind();
        }
        largestShare = Math.max(largestShare, (double) trial.allocated() / trial.allowed());
    }

    private void complain(HostileFile hostile, int number, String complaint) throws IOException {
        Path failed = Path.of("target", "hostile-files", "file-" + number);
        Files.createDirectories(failed.getParent());
        Files.write(failed, hostile.bytes());
        complaints.add("file " + number + " of the seed (" + hostile.kind().label() + "), kept as "
                + failed.toAbsolutePath() + ", " + complaint);
    }

    private static double megabytesOutside() throws IOException {
        return OutsideOfHeap.isTold() ? OutsideOfHeap.megabytes() : 0;
    }

    private void print(long seconds, double growth) {
        int all = 0;
        int read = 0;
        for (Map.Entry<Kind, int[]> count : counts.entrySet()) {
            all += count.getValue()[0];
            read += count.getValue()[1];
        }
        // .ci/reliability reads these lines
        print(
                "%,d files in %d s, %,d read, %,d refused, %d against the documents; %,d different outcomes",
                all, seconds, read, all - read, complaints.size(), outcomes.size());
        counts.forEach((kind, count) -> print("%,d %s, %,d read", count[0], kind.label(), count[1]));
        print(
                "most memory for a file: %.0f %% of what it may take; longest time for a file: %.0f ms (%s)",
                100 * largestShare, slowest / 1e6, slowestKind.label());
        print(
                "outside of the heap the process has %.0f MB more than before; no file stays open,"
                        + " nothing that a pickle names was called",
                growth);
    }

    private static void print(String format, Object... arguments) {
        System.out.printf("HostileFilesTest: " + format + "%n", arguments);
    }
}
