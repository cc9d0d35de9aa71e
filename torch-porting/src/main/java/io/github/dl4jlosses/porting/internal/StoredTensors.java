/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The tensors of a file, in its order.
 *
 * @param tensors the tensors by torch's names
 * @param inOrderOfModel whether the order of the file is that of the model; safetensors sorts by dtype and name
 * @since 0.1.0
 */
public record StoredTensors(Map<String, INDArray> tensors, boolean inOrderOfModel) {

    /** Tensors of modules that optimizers do not train. */
    static final Set<String> BUFFERS = Set.of("running_mean", "running_var", "num_batches_tracked");

    private static final int ZIP = 0x04034B50;
    private static final int EMPTY_ZIP = 0x06054B50;
    private static final int PICKLE_PROTOCOL = 0x80;

    /**
     * The names of the model's parameters as {@code model.parameters()} has them, buffers left out.
     *
     * @return empty if the file has another order
     */
    public List<String> parametersInOrder() {
        return inOrderOfModel
                ? tensors.keySet().stream().filter(StoredTensors::isParameter).toList()
                : List.of();
    }

    static boolean isParameter(String name) {
        return !BUFFERS.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    /**
     * Reads a file, whose kind its content tells.
     *
     * @param file a TorchScript archive, a state_dict saved by torch.save, or a safetensors file
     * @param key the key of the state_dict in a checkpoint; null if the file is the state_dict
     * @return its tensors
     * @throws Refused if the file is refused
     * @throws IOException if it cannot be read
     */
    public static StoredTensors read(Path file, String key) throws IOException {
        return open(file, (bytes, isArchive, budget) -> {
            try (ReadTensors tensors = new ReadTensors(budget)) {
                if (isArchive) {
                    readArchive(new TorchArchive(bytes), key, budget, tensors);
                } else {
                    if (key != null) {
                        throw new Refused("A safetensors file has no keys, so none named '" + key + "'");
                    }
                    SafetensorsFile.read(bytes, budget, tensors);
                }
                return new StoredTensors(tensors.complete(), isArchive);
            }
        });
    }

    /** Reads an open file. */
    interface Reading<T> {
        T read(FileBytes bytes, boolean isArchive, Budget budget) throws IOException;
    }

    /** Opens a file of one of the kinds; a refusal then names the file. */
    static <T> T open(Path file, Reading<T> reading) throws IOException {
        try {
            return opened(file, reading);
        } catch (Refused e) {
            throw new Refused(file + ": " + e.getMessage(), e);
        }
    }

    private static <T> T opened(Path file, Reading<T> reading) throws IOException {
        long size = Files.size(file);
        if (size > Budget.FILE_BYTES) {
            throw tooLarge(size);
        }
        try (FileChannel channel = FileChannel.open(file)) {
            FileBytes bytes = new FileBytes(channel, size);
            ByteBuffer start = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN);
            start.put(0, bytes.bytes(0, Math.min(size, start.capacity())));
            boolean isArchive = start.getInt(0) == ZIP || start.getInt(0) == EMPTY_ZIP;
            if (!isArchive && start.get(8) != '{') {
                throw unknown(start);
            }
            return reading.read(bytes, isArchive, new Budget(size));
        }
    }

    /** Reads something else of an archive than a state_dict. */
    interface ArchiveReader<T> {
        T read(TorchArchive archive, Budget budget, ReadTensors tensors) throws IOException;
    }

    static <T> T readArchive(Path file, ArchiveReader<T> reader) throws IOException {
        long size = Files.size(file);
        try (FileChannel channel = FileChannel.open(file)) {
            if (size > Budget.FILE_BYTES) {
                throw tooLarge(size);
            }
            FileBytes bytes = new FileBytes(channel, size);
            ByteBuffer start = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN);
            start.put(0, bytes.bytes(0, Math.min(size, start.capacity())));
            if (start.getInt(0) != ZIP) {
                throw unknown(start);
            }
            Budget budget = new Budget(size);
            try (ReadTensors tensors = new ReadTensors(budget)) {
                return reader.read(new TorchArchive(bytes), budget, tensors);
            }
        } catch (Refused e) {
            throw new Refused(file + ": " + e.getMessage(), e);
        }
    }

    private static Refused tooLarge(long size) {
        return new Refused("The file has " + size + " bytes, more than the limit of " + Budget.FILE_BYTES
                + "; save the tensors that are needed in a file of their own");
    }

    private static void readArchive(TorchArchive archive, String key, Budget budget, ReadTensors tensors)
            throws IOException {
        Object root = TensorUnpickler.read(archive.pickle(), archive.isScripted());
        PickledTensors.read(PickledTensors.of(root, key, budget), archive, tensors);
    }

    private static Refused unknown(ByteBuffer start) {
        String reason = (start.get(0) & 0xFF) == PICKLE_PROTOCOL
                ? "The file is a bare pickle, as torch wrote before version 1.6; load it in a current torch and save it "
                        + "again with torch.save"
                : "The file begins like none of those that are read: torch.jit.save, torch.save of a state_dict, "
                        + "safetensors; save it as one of them";
        return new Refused(reason);
    }

    /** The arrays made of a file so far; they are given back at once if the rest of it is refused. */
    static final class ReadTensors implements AutoCloseable {

        private final Map<String, INDArray> arrays = new LinkedHashMap<>();
        private final Budget budget;
        private boolean complete;

        ReadTensors(Budget budget) {
            this.budget = budget;
        }

        void add(StridedTensor tensor, ByteBuffer storage) {
            arrays.put(tensor.name(), tensor.read(storage, budget));
        }

        Map<String, INDArray> arrays() {
            return arrays;
        }

        /** All of them; from now on they are the caller's. */
        Map<String, INDArray> complete() {
            complete = true;
            return arrays;
        }

        @Override
        public void close() {
            if (!complete) {
                arrays.values().stream().filter(INDArray::closeable).forEach(INDArray::close);
            }
        }
    }
}
