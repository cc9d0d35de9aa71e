/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
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
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What became of one file: whether it was read, what it took, and what is wrong with that.
 *
 * @param outcome a line that two files share if the same thing happened to them
 * @param read whether there were tensors
 * @param allocated the bytes that the reading thread asked Java's heap for, garbage too
 * @param complaint what the documents do not allow; null if all is well
 */
record ReadTrial(String outcome, boolean read, long allocated, long nanos, String complaint) {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final long MEGABYTE = 1 << 20;
    private static final int LONGEST_MESSAGE = 3000;

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

    /** What reading may take of Java's heap, garbage included, without the arrays. */
    static long mostWithoutArrays(long fileBytes) {
        return MEGABYTE + 100 * fileBytes;
    }

    /** What the arrays of a file may take, which is documented. */
    static long mostOfArrays(long fileBytes) {
        return 4 * Math.max(16 * MEGABYTE, fileBytes);
    }

    static long allocatedBytes() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    static ReadTrial of(Path file) throws IOException {
        long fileBytes = Files.size(file);
        long before = allocatedBytes();
        long start = System.nanoTime();
        Map<String, INDArray> tensors = null;
        Throwable refusal = null;
        try {
            tensors = StoredTensors.read(file, null).tensors();
        } catch (Throwable e) { // whatever it is, it is the finding
            refusal = e;
        }
        long nanos = System.nanoTime() - start;
        long allocated = allocatedBytes() - before;
        String complaint = tensors != null ? complaint(tensors, fileBytes) : complaint(refusal, file);
        // an array takes twice what is counted for it, with what is garbage at once
        if (complaint == null && allocated > mostWithoutArrays(fileBytes) + 3 * mostOfArrays(fileBytes)) {
            complaint = "takes " + allocated + " bytes";
        }
        String outcome = tensors != null ? outcome(tensors) : outcome(refusal);
        return new ReadTrial(outcome, tensors != null, allocated, nanos, complaint);
    }

    private static String complaint(Map<String, INDArray> tensors, long fileBytes) {
        long bytes = 0;
        for (Map.Entry<String, INDArray> entry : tensors.entrySet()) {
            INDArray array = entry.getValue();
            bytes += array.length() * array.dataType().width();
            if (array.length() > 0) {
                array.getDouble(array.length() - 1);
            }
            if (!entry.getKey().codePoints().allMatch(RefusedFileException::isPlain)) {
                return "the name of a tensor has what a terminal obeys";
            }
            array.close();
        }
        return bytes > mostOfArrays(fileBytes) ? "has tensors of " + bytes + " bytes" : null;
    }

    private static String complaint(Throwable refusal, Path file) {
        String message = String.valueOf(refusal.getMessage());
        if (refusal.getClass() != RefusedFileException.class) {
            return "ends with " + refusal + " at " + refusal.getStackTrace()[0];
        }
        if (!message.startsWith(file + ": ") || !message.contains(" ") || message.length() > LONGEST_MESSAGE) {
            return "has a message of " + message.length() + " characters that begins " + message;
        }
        return message.codePoints().allMatch(RefusedFileException::isPlain) ? null : "has a message that is not plain";
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
    static String complaintOfPickle(byte[] pickle, boolean scripted) {
        long before = allocatedBytes();
        Object root;
        try {
            root = TensorUnpickler.read(pickle, scripted);
        } catch (RefusedFileException e) {
            root = null;
        }
        long allocated = allocatedBytes() - before;
        if (allocated > (64 << 10) + 100L * pickle.length) {
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
