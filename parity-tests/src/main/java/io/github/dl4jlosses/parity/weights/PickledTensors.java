/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The tensors in the object of a pickle, under the names of torch's state_dict. */
final class PickledTensors {

    private static final int DEEPEST = 64;
    private static final int KEYS_SHOWN = 20;
    private static final int NAME_SHOWN = 100;

    private final Map<String, TensorReference> found = new LinkedHashMap<>();
    private int visited;

    private PickledTensors() {}

    /** Of a state_dict, of a module, or of a checkpoint's state_dict where a key is given. */
    static Map<String, TensorReference> of(Object root, String key) {
        Object chosen = key == null ? root : chosen(root, key);
        PickledTensors tensors = new PickledTensors();
        if (chosen instanceof ScriptModule module) {
            tensors.addModule("", module, 0);
            if (tensors.found.isEmpty()) {
                throw new RefusedFileException("The module has no tensors among its attributes; torch.jit.freeze puts "
                        + "them into its code: save it without");
            }
        } else if (chosen instanceof Map<?, ?> map) {
            tensors.addStateDict(map);
        } else {
            throw new RefusedFileException(
                    "The file holds " + kind(chosen) + " where a state_dict is expected; save " + "model.state_dict()");
        }
        return tensors.found;
    }

    private static Object chosen(Object root, String key) {
        if (!(root instanceof Map<?, ?> map)) {
            throw new RefusedFileException("The file holds " + kind(root) + ", which has no key '" + key + "'");
        }
        if (!map.containsKey(key)) {
            throw new RefusedFileException("The file has no key '" + key + "'; there are " + keys(map));
        }
        return map.get(key);
    }

    private void addStateDict(Map<?, ?> map) {
        map.forEach((name, value) -> {
            if (!(name instanceof String text) || !(value instanceof TensorReference tensor)) {
                String remedy = value instanceof Map
                        ? "; if the file is a checkpoint, give load the key of its state_dict, one of " + keys(map)
                        : "; a state_dict holds only tensors";
                throw new RefusedFileException("'" + shown(name) + "' is " + kind(value) + remedy);
            }
            Budget.checkName(text.length());
            found.put(text, tensor);
        });
    }

    private void addModule(String prefix, ScriptModule module, int depth) {
        if (depth > DEEPEST) {
            throw new RefusedFileException("Modules lie in each other more than " + DEEPEST + " deep");
        }
        module.attributes().forEach((name, value) -> {
            if (++visited > Budget.MOST_TENSORS) {
                throw new RefusedFileException("The modules have more than " + Budget.MOST_TENSORS + " attributes");
            }
            Budget.checkName((long) prefix.length() + String.valueOf(name).length());
            if (value instanceof TensorReference tensor) {
                found.put(prefix + name, tensor);
            } else if (value instanceof ScriptModule child) {
                addModule(prefix + name + ".", child, depth + 1);
            }
        });
    }

    static Map<String, INDArray> read(Map<String, TensorReference> references, TorchArchive archive, Budget budget)
            throws IOException {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, TensorReference> entry : references.entrySet()) {
            String name = entry.getKey();
            tensors.put(name, entry.getValue().read(name, archive, budget));
        }
        return tensors;
    }

    private static String shown(Object name) {
        String text = String.valueOf(name);
        return text.length() <= NAME_SHOWN ? text : text.substring(0, NAME_SHOWN) + "..";
    }

    private static List<?> keys(Map<?, ?> map) {
        return map.keySet().stream().limit(KEYS_SHOWN).collect(Collectors.toList());
    }

    private static String kind(Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof Map) {
            return "a dictionary";
        }
        if (value instanceof Number || value instanceof Boolean) {
            return "the number or truth value " + value;
        }
        return value instanceof TensorReference
                ? "a tensor"
                : value instanceof ScriptModule ? "a module" : value instanceof String ? "a text" : "another object";
    }
}
