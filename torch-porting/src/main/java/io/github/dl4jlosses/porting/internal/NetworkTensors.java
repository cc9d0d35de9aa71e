/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Converts the parameters of a network to torch's tensors.
 *
 * @since 0.1.0
 */
public final class NetworkTensors {

    private NetworkTensors() {}

    /**
     * The tensors under the names of a pairing.
     *
     * @param network an initialised network
     * @param names for each layer torch's names by the names within the torch module
     * @param skipped layers that are left out
     * @return copies, by torch's names
     * @throws IllegalArgumentException if a layer has no names, or names have no layer
     */
    public static Map<String, INDArray> of(Model network, Map<String, Map<String, String>> names, Set<String> skipped) {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        NetworkTargets targets = NetworkTargets.of(network, skipped);
        List<String> left = new ArrayList<>(names.keySet());
        for (LayerTarget target : targets.inOrder()) {
            Map<String, String> fullNames = names.get(target.name());
            if (fullNames == null) {
                throw new IllegalArgumentException(
                        "There are no names for " + target + "; there are some for " + Refused.shown(names.keySet()));
            }
            left.remove(target.name());
            target.read().forEach((local, tensor) -> {
                String name = fullNames.get(local);
                if (name == null) {
                    throw new IllegalArgumentException("There is no name for torch's " + local + " of " + target
                            + "; there are " + Refused.shown(fullNames.keySet()));
                }
                put(name, tensor, tensors);
            });
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("The network has no layer '" + left.get(0) + "' with parameters"
                    + ClosestName.hint(left.get(0), targets.names()));
        }
        return tensors;
    }

    /**
     * The tensors under prefixes of torch's names.
     *
     * @param network an initialised network
     * @param torchPrefixToLayer the name of a layer for the prefix of its tensors; null if layers are called like modules
     * @return copies, by torch's names
     * @throws IllegalArgumentException if a layer has no prefix, or a prefix has no layer
     */
    public static Map<String, INDArray> of(Model network, Map<String, String> torchPrefixToLayer) {
        NetworkTargets targets = NetworkTargets.of(network, Set.of());
        Map<LayerTarget, String> prefixes = new LinkedHashMap<>();
        if (torchPrefixToLayer == null) {
            targets.inOrder().forEach(target -> prefixes.put(target, target.name()));
        } else {
            torchPrefixToLayer.forEach((prefix, name) -> {
                LayerTarget target = targets.get(name);
                if (target == null || prefixes.put(target, prefix) != null) {
                    throw new IllegalArgumentException("For the prefix '" + prefix + "' there is no layer '" + name
                            + "' with parameters, or it has another prefix already"
                            + ClosestName.hint(name, targets.names()));
                }
            });
        }
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        for (LayerTarget target : targets.inOrder()) {
            String prefix = prefixes.get(target);
            if (prefix == null) {
                throw new IllegalArgumentException("There is no prefix for " + target);
            }
            target.read().forEach((local, tensor) -> put(TensorGroup.fullName(prefix, local), tensor, tensors));
        }
        return tensors;
    }

    private static void put(String name, INDArray tensor, Map<String, INDArray> tensors) {
        if (tensors.put(name, tensor) != null) {
            throw new IllegalArgumentException("Two layers would write the tensor '" + Refused.shown(name) + "'");
        }
    }
}
