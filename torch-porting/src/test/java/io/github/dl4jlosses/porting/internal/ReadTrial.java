/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What became of one file: whether it was read, what it took, and what is wrong with that.
 *
 * @param outcome a line that two files share if the same thing happened to them
 * @param read whether there were tensors
 * @param allocated the bytes that the reading thread asked Java's heap for, garbage too
 * @param allowed what the documents allow of that
 * @param complaint what the documents do not allow; null if all is well
 */
record ReadTrial(String outcome, boolean read, long allocated, long allowed, long nanos, String complaint) {

    /** How a file becomes tensors. */
    interface FileReader {
        Map<String, INDArray> read(Path file) throws IOException;
    }

    /** How a pickle becomes data. */
    interface PickleReader {
        Object read(byte[] pickle, boolean scripted) throws IOException;
    }

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final long MEGABYTE = 1 << 20;
    private static final int LONGEST_MESSAGE = 3000;

    /** What reading takes of Java's heap, garbage included, for each byte of directory, pickle or header. */
    private static final long TIMES_DESCRIBED = 100;

    /** And for each array of ND4J, as measured: 3000 to 6400, most for 32 dimensions; a tensor makes up to five. */
    private static final long HEAP_OF_AN_ARRAY = 6500;

    /** Numbers pass through types of Java; those of one byte through one of four. */
    private static final long WIDENED = 4;

    /** What a pickle may be made into. */
    private static final Set<Class<?>> MADE = Set.of(
            String.class,
            Integer.class,
            Long.class,
            java.math.BigInteger.class,
            Double.class,
            Boolean.class,
            TensorReference.class,
            StorageReference.class,
            PythonClass.Storage.class,
            PythonClass.Script.class,
            PythonClass.Function.class);

    /** What the arrays of a file may take, which is documented. */
    static long mostOfArrays(long fileBytes) {
        return 4 * Math.max(16 * MEGABYTE, fileBytes);
    }

    static long allocatedBytes() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    static ReadTrial of(Path file, long describedBytes, FileReader reader) throws IOException {
        long fileBytes = Files.size(file);
        long firstArray = idOfNewArray();
        long before = allocatedBytes();
        long start = System.nanoTime();
        Map<String, INDArray> tensors = null;
        Throwable refusal = null;
        try {
            tensors = reader.read(file);
        } catch (Throwable e) { // whatever it is, it is the finding
            refusal = e;
        }
        long nanos = System.nanoTime() - start;
        long allocated = allocatedBytes() - before;
        long arrays = idOfNewArray() - firstArray - 1;
        long numbers = arrays == 0 ? 0 : tensors == null ? WIDENED * declaredBytes(file) : widenedBytes(tensors);
        long allowed = MEGABYTE + fileBytes + TIMES_DESCRIBED * describedBytes + HEAP_OF_AN_ARRAY * arrays + numbers;
        String complaint = tensors != null ? complaint(tensors, fileBytes) : complaint(refusal, file);
        if (complaint == null && allocated > allowed) {
            complaint = "takes " + allocated + " bytes of " + allowed;
        }
        String outcome = tensors != null ? outcome(tensors) : outcome(refusal);
        return new ReadTrial(outcome, tensors != null, allocated, allowed, nanos, complaint);
    }

    /** Of a file that was not done in time. */
    static ReadTrial late(int seconds) {
        return new ReadTrial(
                "late", false, 0, 1, TimeUnit.SECONDS.toNanos(seconds), "takes more than " + seconds + " seconds");
    }

    ReadTrial withComplaint(String other) {
        return new ReadTrial(outcome, read, allocated, allowed, nanos, other);
    }

    /** ND4J numbers its arrays. */
    private static long idOfNewArray() {
        try (INDArray array = Nd4j.scalar(0f)) {
            return array.getId();
        }
    }

    private static long widenedBytes(Map<String, INDArray> tensors) {
        return tensors.values().stream()
                .mapToLong(array ->
                        array.length() * Math.max(WIDENED, array.dataType().width()))
                .sum();
    }

    /** Those of the tensors that a refused file would have had, up to the first that cannot be right. */
    private static long declaredBytes(Path file) throws IOException {
        long all = 0;
        try (FileChannel channel = FileChannel.open(file)) {
            long fileBytes = channel.size();
            FileBytes bytes = new FileBytes(channel, fileBytes);
            if (bytes.bytes(0, 1)[0] != 'P') {
                return fileBytes; // the tensors of safetensors share nothing
            }
            TorchArchive archive = new TorchArchive(bytes);
            Object root = TensorUnpickler.read(archive.pickle(), archive.isScripted());
            for (Map.Entry<String, TensorReference> entry :
                    PickledTensors.of(root, null, new Budget(fileBytes)).entrySet()) {
                all += Math.min(
                        mostOfArrays(fileBytes) - all,
                        entry.getValue().tensor(entry.getKey()).bytes());
            }
        } catch (Refused e) {
            return all;
        }
        return all;
    }

    private static String complaint(Map<String, INDArray> tensors, long fileBytes) {
        long bytes = 0;
        for (Map.Entry<String, INDArray> entry : tensors.entrySet()) {
            INDArray array = entry.getValue();
            bytes += array.length() * array.dataType().width();
            if (array.length() > 0) {
                array.getDouble(array.length() - 1);
            }
            if (!entry.getKey().codePoints().allMatch(Refused::isPlain)) {
                return "the name of a tensor has what a terminal obeys";
            }
            array.close();
        }
        return bytes > mostOfArrays(fileBytes) ? "has tensors of " + bytes + " bytes" : null;
    }

    private static String complaint(Throwable refusal, Path file) {
        String message = String.valueOf(refusal.getMessage());
        if (refusal.getClass() != Refused.class) {
            return "ends with " + refusal + " at " + refusal.getStackTrace()[0];
        }
        if (!message.startsWith(file + ": ") || !message.contains(" ") || message.length() > LONGEST_MESSAGE) {
            return "has a message of " + message.length() + " characters that begins " + message;
        }
        return message.codePoints().allMatch(Refused::isPlain) ? null : "has a message that is not plain";
    }

    private static String outcome(Map<String, INDArray> tensors) {
        Set<String> kinds = new TreeSet<>();
        tensors.values().forEach(array -> kinds.add(array.dataType() + " of rank " + Math.min(array.rank(), 6)));
        return Math.min(tensors.size(), 10) + " tensors " + kinds;
    }

    /** The places of the code that refused, which is finer than its words. */
    private static String outcome(Throwable refusal) {
        StringBuilder outcome = new StringBuilder(refusal.getClass().getSimpleName());
        for (Throwable e = refusal; e != null; e = e.getCause()) {
            int shown = Math.min(3, e.getStackTrace().length);
            outcome.append(' ')
                    .append(e.getClass().getSimpleName())
                    .append(List.of(e.getStackTrace()).subList(0, shown));
        }
        return outcome.toString();
    }

    /** Whether a pickle is made of data only, within its limit; null if so. */
    static String complaintOfPickle(byte[] pickle, boolean scripted, PickleReader reader) {
        long before = allocatedBytes();
        Object root;
        try {
            root = reader.read(pickle, scripted);
        } catch (Refused e) {
            root = null;
        } catch (Throwable e) { // whatever it is, it is the finding
            return "the pickle ends with " + e;
        }
        long allocated = allocatedBytes() - before;
        if (allocated > (64 << 10) + TIMES_DESCRIBED * pickle.length) {
            return "the pickle of " + pickle.length + " bytes takes " + allocated;
        }
        return foreign(root);
    }

    private static String foreign(Object root) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> left = new ArrayDeque<>();
        push(left, seen, root);
        while (!left.isEmpty()) {
            Object next = left.pop();
            if (next instanceof PickledDictionary dictionary) {
                dictionary.texts().values().forEach(value -> push(left, seen, value));
            } else if (next instanceof ScriptModule module) {
                module.attributes().values().forEach(value -> push(left, seen, value));
            } else if (next instanceof List<?> list) {
                list.forEach(value -> push(left, seen, value));
            } else if (next instanceof Object[] tuple) {
                for (Object value : tuple) {
                    push(left, seen, value);
                }
            } else if (!MADE.contains(next.getClass())
                    && next.getClass() != Object.class) { // Object: the library's mark
                return "the pickle made a " + next.getClass();
            }
        }
        return null;
    }

    private static void push(Deque<Object> left, Set<Object> seen, Object value) {
        if (value != null && seen.add(value)) {
            left.push(value);
        }
    }
}
