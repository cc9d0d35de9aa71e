/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.porting.SafetensorsWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Files that torch itself writes, by the torch.save of TorchScript, and the same tensors in safetensors. */
public final class TorchSave {

    private TorchSave() {}

    /** Saves a dictionary of tensors, each of a storage of its own. */
    static void tensors(Path file, Map<String, TorchTensor> tensors) {
        Map<String, String> expressions = new LinkedHashMap<>();
        for (String name : tensors.keySet()) {
            expressions.put(name, "t" + expressions.size());
        }
        TorchFunction.of(text(file, expressions), expressions.values().toArray(String[]::new))
                .call(tensors.values().toArray(TorchTensor[]::new));
    }

    /** Saves a dictionary of tensors as the safetensors library does, in float64. */
    public static void safetensors(Path file, Map<String, TorchTensor> tensors) {
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> arrays.put(name, tensor.toArray()));
        SafetensorsWriter.write(file, arrays);
    }

    /** Saves a dictionary of expressions over a tensor {@code x}, which share its storage where they are views. */
    static void expressions(Path file, TorchTensor x, Map<String, String> expressions) {
        TorchFunction.of(text(file, expressions), "x").call(x);
    }

    private static String text(Path file, Map<String, String> expressions) {
        String entries = expressions.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": " + entry.getValue())
                .collect(Collectors.joining(", "));
        return "saved = {" + entries + "}\ntorch.save(saved, \"" + path(file) + "\")\n"
                + expressions.values().iterator().next();
    }

    /** A path inside a text of TorchScript. */
    static String path(Path file) {
        return file.toString().replace("\\", "/");
    }
}
