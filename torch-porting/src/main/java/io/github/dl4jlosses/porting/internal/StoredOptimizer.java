/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import io.github.dl4jlosses.porting.internal.StoredTensors.ReadTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The content of torch's {@code optimizer.state_dict()}.
 *
 * @param parameters for each parameter, in the optimizer's order, its arrays and numbers by torch's names; empty before
 *     its first step
 * @param names the names of the parameters, which optimizers of named parameters keep; else empty
 * @param groups the number of parameter groups
 * @since 0.1.0
 */
public record StoredOptimizer(List<Map<String, Object>> parameters, List<String> names, int groups) {

    /** Where a tensor of the state belongs. */
    private record Place(int parameter, String name) {}

    /**
     * Reads a checkpoint.
     *
     * @param file what torch.save wrote
     * @param key the key of the state in it; null if the file is the state
     * @return its state
     * @throws Refused if the file is refused
     * @throws IOException if it cannot be read
     */
    public static StoredOptimizer read(Path file, String key) throws IOException {
        return StoredTensors.readArchive(file, (archive, budget, tensors) -> {
            Object root = TensorUnpickler.read(archive.pickle(), archive.isScripted());
            return of(key == null ? root : PickledTensors.chosen(root, key), archive, budget, tensors);
        });
    }

    private static StoredOptimizer of(Object chosen, TorchArchive archive, Budget budget, ReadTensors tensors)
            throws IOException {
        if (!(chosen instanceof PickledDictionary dictionary)
                || !(dictionary.texts().get("state") instanceof PickledDictionary state)
                || !(dictionary.texts().get("param_groups") instanceof List<?> groups)) {
            throw new Refused("The file holds " + PickledTensors.kind(chosen)
                    + " without state and param_groups where an optimizer.state_dict() is expected; give load its key");
        }
        Set<Long> numbers = new LinkedHashSet<>();
        List<String> names = new ArrayList<>();
        for (Object group : groups) {
            addGroup(group, numbers, names);
        }
        List<Map<String, Object>> parameters = new ArrayList<>();
        Map<String, TensorReference> references = new LinkedHashMap<>();
        Map<String, Place> places = new LinkedHashMap<>();
        int visited = 0;
        for (long number : numbers) {
            Map<String, Object> values = new LinkedHashMap<>();
            if (state.numbers().get(number) instanceof PickledDictionary ofParameter) {
                for (Map.Entry<String, Object> entry : ofParameter.texts().entrySet()) {
                    if (++visited > Budget.MOST_TENSORS) {
                        throw Budget.tooMany();
                    }
                    Place place = new Place(parameters.size(), entry.getKey());
                    String name = place.parameter() + "." + place.name();
                    budget.takeName(name);
                    if (entry.getValue() instanceof TensorReference tensor) {
                        references.put(name, tensor);
                        places.put(name, place);
                    } else if (entry.getValue() instanceof Number plain) {
                        values.put(place.name(), plain.doubleValue());
                    }
                }
            }
            parameters.add(values);
        }
        PickledTensors.read(references, archive, tensors);
        tensors.complete().forEach((name, array) -> {
            Place place = places.get(name);
            parameters.get(place.parameter()).put(place.name(), array);
        });
        return new StoredOptimizer(parameters, names.size() == numbers.size() ? names : List.of(), groups.size());
    }

    private static void addGroup(Object group, Set<Long> numbers, List<String> names) {
        if (!(group instanceof PickledDictionary dictionary)
                || !(dictionary.texts().get("params") instanceof List<?> parameters)) {
            throw new Refused("A group of param_groups has no params");
        }
        for (Object parameter : parameters) {
            boolean isNew = (parameter instanceof Integer || parameter instanceof Long)
                    && numbers.add(((Number) parameter).longValue());
            if (!isNew || numbers.size() > Budget.MOST_TENSORS) {
                throw new Refused(
                        "The params of a group are no numbers, or not each is there once, or there are more than "
                                + Budget.MOST_TENSORS);
            }
        }
        if (dictionary.texts().get("param_names") instanceof List<?> ofGroup) {
            ofGroup.stream().limit(parameters.size()).forEach(name -> names.add(String.valueOf(name)));
        }
    }

    /**
     * How many steps the optimizer has made.
     *
     * @return 0 if the kind of optimizer does not count
     */
    public int steps() {
        double most = 0;
        for (Map<String, Object> parameter : parameters) {
            Object step = parameter.get("step");
            double steps = step instanceof INDArray array && array.length() == 1
                    ? array.getDouble(0)
                    : step instanceof Double number ? number : 0;
            most = Math.max(most, steps);
        }
        return (int) most;
    }
}
