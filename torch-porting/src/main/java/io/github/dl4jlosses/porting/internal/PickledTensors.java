/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import io.github.dl4jlosses.porting.internal.StoredTensors.ReadTensors;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tensors in the object of a pickle, under the names of torch's state_dict. */
final class PickledTensors {

    private static final int DEEPEST = 64;

    private final Map<String, TensorReference> found = new LinkedHashMap<>();
    private final Budget budget;
    private int visited;

    private PickledTensors(Budget budget) {
        this.budget = budget;
    }

    /** The tensors of a state_dict, of a module, or, if a key is given, of a checkpoint's state_dict. */
    static Map<String, TensorReference> of(Object root, String key, Budget budget) {
        Object chosen = key == null ? root : chosen(root, key);
        PickledTensors tensors = new PickledTensors(budget);
        if (chosen instanceof ScriptModule module) {
            tensors.addModule("", module, 0);
            if (tensors.found.isEmpty()) {
                throw new Refused("The module has no tensors among its attributes; torch.jit.freeze puts "
                        + "them into its code: save it without");
            }
        } else if (chosen instanceof PickledDictionary dictionary) {
            tensors.addStateDict(dictionary);
        } else {
            throw new Refused(
                    "The file holds " + kind(chosen) + " where a state_dict is expected; save " + "model.state_dict()");
        }
        return tensors.found;
    }

    static Object chosen(Object root, String key) {
        if (!(root instanceof PickledDictionary dictionary)) {
            throw new Refused("The file holds " + kind(root) + ", which has no key '" + key + "'");
        }
        if (!dictionary.texts().containsKey(key)) {
            throw new Refused("The file has no key '" + key + "'; there are " + keys(dictionary));
        }
        return dictionary.texts().get(key);
    }

    private void addStateDict(PickledDictionary dictionary) {
        dictionary.texts().forEach((name, value) -> {
            if (!(value instanceof TensorReference tensor)) {
                String remedy = value instanceof PickledDictionary
                        ? "; if the file is a checkpoint, give load the key of its state_dict, one of "
                                + keys(dictionary)
                        : "; a state_dict holds only tensors";
                throw new Refused("'" + Refused.shown(name) + "' is " + kind(value) + remedy);
            }
            budget.takeName(name);
            found.put(name, tensor);
        });
        if (!dictionary.numbers().isEmpty()) {
            throw new Refused("The dictionary has the key "
                    + dictionary.numbers().keySet().iterator().next()
                    + ", a number; a state_dict holds only names of tensors");
        }
    }

    private void addModule(String prefix, ScriptModule module, int depth) {
        if (depth > DEEPEST) {
            throw new Refused("Modules lie in each other more than " + DEEPEST + " deep");
        }
        module.attributes().forEach((name, value) -> {
            if (++visited > Budget.MOST_TENSORS) {
                throw new Refused("The modules have more than " + Budget.MOST_TENSORS + " attributes");
            }
            budget.takeName(prefix, name);
            if (value instanceof TensorReference tensor) {
                found.put(prefix + name, tensor);
            } else if (value instanceof ScriptModule child) {
                addModule(prefix + name + ".", child, depth + 1);
            }
        });
    }

    static void read(Map<String, TensorReference> references, TorchArchive archive, ReadTensors tensors)
            throws IOException {
        for (Map.Entry<String, TensorReference> entry : references.entrySet()) {
            TensorReference reference = entry.getValue();
            tensors.add(reference.tensor(entry.getKey()), archive.storage(reference.storage()));
        }
    }

    private static String keys(PickledDictionary dictionary) {
        return Refused.shown(dictionary.texts().keySet());
    }

    static String kind(Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof PickledDictionary) {
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
