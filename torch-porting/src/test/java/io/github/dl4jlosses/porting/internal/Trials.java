/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.razorvine.pickle.Unpickler;

/** Gives files to readers, one by one and in a thread of their own, and says what is wrong with what became of each. */
final class Trials implements AutoCloseable {

    private static final int SECONDS = 10;
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    /** Were anything of the library's own left to make objects, it would come here. */
    private static final AtomicInteger CALLS = new AtomicInteger();

    static {
        for (String[] name : RandomPickle.CLASSES) {
            Unpickler.registerConstructor(name[0], name[1], arguments -> CALLS.incrementAndGet());
        }
    }

    private final Path folder;
    private final ReadTrial.FileReader files;
    private final ReadTrial.PickleReader pickles;
    private final int seconds;
    private ExecutorService thread = newThread();

    /** Of the readers as they are. */
    Trials(Path folder) {
        this(folder, file -> StoredTensors.read(file, null).tensors(), TensorUnpickler::read, SECONDS);
    }

    Trials(Path folder, ReadTrial.FileReader files, ReadTrial.PickleReader pickles, int seconds) {
        this.folder = folder;
        this.files = files;
        this.pickles = pickles;
        this.seconds = seconds;
    }

    private static ExecutorService newThread() {
        return Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "reader of hostile files");
            thread.setDaemon(true);
            return thread;
        });
    }

    ReadTrial of(HostileFile hostile) throws IOException, InterruptedException, ExecutionException {
        byte[] bytes = hostile.bytes();
        Path file = Files.write(folder.resolve("file"), bytes);
        int calls = CALLS.get();
        Future<ReadTrial> future = thread.submit(() -> trial(hostile, file, hostile.describedBytes(bytes.length)));
        try {
            ReadTrial trial = future.get(seconds, TimeUnit.SECONDS);
            return CALLS.get() == calls ? trial : trial.withComplaint("calls a class that the pickle names");
        } catch (TimeoutException e) {
            thread.shutdownNow();
            thread = newThread(); // the other one may never come back
            return ReadTrial.late(seconds);
        }
    }

    private ReadTrial trial(HostileFile hostile, Path file, long describedBytes) throws IOException {
        ReadTrial trial = ReadTrial.of(file, describedBytes, files);
        if (hostile.parts() == null || trial.complaint() != null) {
            return trial;
        }
        return trial.withComplaint(ReadTrial.complaintOfPickle(hostile.core(), hostile.isScripted(), pickles));
    }

    /** A file beside the last one or, where the system tells, one that is open; null if there is none. */
    String complaintOfLeftFiles() throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            List<Path> others = left.filter(path -> !path.endsWith("file")).toList();
            if (!others.isEmpty()) {
                return "leaves " + others;
            }
        }
        if (tellsOpenFiles()) {
            try (Stream<Path> open = Files.list(OPEN_FILES)) {
                List<Path> inFolder = open.map(Trials::target)
                        .filter(path -> path.startsWith(folder))
                        .toList();
                return inFolder.isEmpty() ? null : "leaves open " + inFolder;
            }
        }
        return null;
    }

    /** Linux does; on Windows the folder could not be deleted. */
    static boolean tellsOpenFiles() {
        return Files.isDirectory(OPEN_FILES);
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            return link; // closed meanwhile
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
