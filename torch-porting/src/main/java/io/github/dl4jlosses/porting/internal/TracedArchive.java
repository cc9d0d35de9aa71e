/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import io.github.dl4jlosses.porting.internal.StoredTensors.ReadTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The content of a file of {@code torch.jit.trace(model, example).save(file)}: modules, their code and their tensors.
 *
 * @param root the traced module
 * @param code the text of each file of code, by its name such as {@code __torch__/torch/nn/modules/linear.py}
 * @param constants the numbers that the code names, such as {@code c0}, where Python computes with numbers
 * @param tensors the tensors by torch's names
 * @param places for each name the place of the tensor in the file; torch trains tensors that share elements as one
 * @param untrained the names of tensors that torch does not train: buffers, and parameters without requires_grad. The
 *     statistics of batch normalisation are left out
 * @since 0.1.0
 */
public record TracedArchive(
        ScriptModule root,
        Map<String, String> code,
        Map<String, Double> constants,
        Map<String, INDArray> tensors,
        Map<String, TensorPlace> places,
        Set<String> untrained) {

    /** A model of a thousand modules takes half a megabyte. */
    private static final long MOST_CODE_BYTES = 4L << 20;

    /**
     * Reads an archive.
     *
     * @param file a TorchScript archive
     * @return its content; nothing of it was run
     * @throws Refused if the file is refused
     * @throws IOException if it cannot be read
     */
    public static TracedArchive read(Path file) throws IOException {
        return StoredTensors.open(file, (bytes, isArchive, budget) -> {
            if (!isArchive) {
                throw new Refused("A safetensors file holds no code; save torch.jit.trace(model, example)");
            }
            TorchArchive archive = new TorchArchive(bytes);
            Object root = TensorUnpickler.read(archive.pickle(), archive.isScripted());
            if (!(root instanceof ScriptModule module)) {
                throw new Refused(
                        "The file holds no code, only tensors; save torch.jit.trace(model.eval(), example), or load the"
                                + " tensors with TorchWeights");
            }
            Map<String, TensorReference> references = PickledTensors.of(root, null, budget);
            Map<String, String> code = archive.code(MOST_CODE_BYTES);
            Map<String, Double> constants = constants(archive, budget);
            try (ReadTensors tensors = new ReadTensors(budget)) {
                PickledTensors.read(references, archive, tensors);
                Map<String, TensorPlace> places = new HashMap<>();
                references.forEach((name, reference) -> places.put(name, reference.place(name)));
                return new TracedArchive(module, code, constants, tensors.complete(), places, untrained(references));
            }
        });
    }

    private static Set<String> untrained(Map<String, TensorReference> references) {
        Set<String> untrained = new TreeSet<>();
        references.forEach((name, reference) -> {
            if (!reference.isTrained() && StoredTensors.isParameter(name)) {
                untrained.add(name);
            }
        });
        return untrained;
    }

    /** The constants of one number; larger tensors are left out, because no layer takes them. */
    private static Map<String, Double> constants(TorchArchive archive, Budget budget) throws IOException {
        Map<String, Double> constants = new HashMap<>();
        Object all = TensorUnpickler.read(archive.pickleOfConstants(), true);
        if (all instanceof Object[] values) {
            for (int i = 0; i < values.length; i++) {
                if (values[i] instanceof TensorReference reference
                        && reference.sizes().isEmpty()) {
                    String name = "c" + i;
                    try (INDArray number =
                            reference.tensor(name).read(archive.storageOfConstants(reference.storage()), budget)) {
                        constants.put(name, number.getDouble());
                    }
                }
            }
        }
        return constants;
    }
}
