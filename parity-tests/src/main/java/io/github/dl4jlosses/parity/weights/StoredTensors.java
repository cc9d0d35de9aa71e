/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The tensors of a file, in its order.
 *
 * @param tensors the tensors by torch's names
 * @param inOrderOfModel whether the order of the file is that of the model; safetensors sorts by dtype and name
 * @since 0.1.0
 */
public record StoredTensors(Map<String, INDArray> tensors, boolean inOrderOfModel) {

    private static final int ZIP = 0x04034B50;
    private static final int EMPTY_ZIP = 0x06054B50;
    private static final int PICKLE_PROTOCOL = 0x80;

    /**
     * Reads a file, whose kind its content tells.
     *
     * @param file a TorchScript archive, a state_dict saved by torch.save, or a safetensors file
     * @param key the key of the state_dict in a checkpoint; null if the file is the state_dict
     * @return its tensors
     * @throws IllegalArgumentException if the file is refused
     * @throws IOException if it cannot be read
     */
    public static StoredTensors read(Path file, String key) throws IOException {
        try {
            return readAny(file, key);
        } catch (RefusedFileException e) {
            throw new RefusedFileException(file + ": " + e.getMessage(), e);
        }
    }

    private static StoredTensors readAny(Path file, String key) throws IOException {
        long size = Files.size(file);
        if (size > Budget.FILE_BYTES) {
            throw new RefusedFileException("The file has " + size + " bytes, more than the limit of "
                    + Budget.FILE_BYTES + "; save the tensors that are needed in a file of their own");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer start = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(start, 0);
            if (start.getInt(0) == ZIP || start.getInt(0) == EMPTY_ZIP) {
                return archive(file, size, key);
            }
            if (start.get(8) == '{') {
                if (key != null) {
                    throw new RefusedFileException("A safetensors file has no keys, so none named '" + key + "'");
                }
                return new StoredTensors(SafetensorsFile.read(channel), false);
            }
            throw unknown(start);
        }
    }

    private static StoredTensors archive(Path file, long size, String key) throws IOException {
        try (TorchArchive archive = TorchArchive.open(file)) {
            Object root = TensorUnpickler.read(archive.pickle(), archive.isScripted());
            Map<String, TensorReference> references = PickledTensors.of(root, key);
            return new StoredTensors(PickledTensors.read(references, archive, new Budget(size)), true);
        }
    }

    private static RefusedFileException unknown(ByteBuffer start) {
        String reason = (start.get(0) & 0xFF) == PICKLE_PROTOCOL
                ? "The file is a bare pickle, as torch wrote before version 1.6; load it in a current torch and save it "
                        + "again with torch.save"
                : "The file begins like none of those that are read: torch.jit.save, torch.save of a state_dict, "
                        + "safetensors; save it as one of them";
        return new RefusedFileException(reason);
    }
}
