/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Which tensors become the parameters of which layer. All of it is checked before anything is written.
 *
 * @since 0.1.0
 */
public final class WeightCopy {

    private final Map<LayerTarget, TensorGroup> pairs = new LinkedHashMap<>();

    private WeightCopy() {}

    /**
     * Pairs the tensors with the layers of a network: by name where all layers are called like modules, else by shape, and
     * where several have the same shapes by the numbers in their names.
     *
     * @param stored the tensors
     * @param network an initialised network
     * @param skipped layers that keep what they have
     * @return what is to be written
     * @throws IllegalArgumentException if a tensor or a layer finds no partner, does not fit, or has a choice
     */
    public static WeightCopy of(StoredTensors stored, Model network, Set<String> skipped) {
        NetworkTargets targets = NetworkTargets.of(network, skipped);
        List<TensorGroup> groups = TensorGroup.of(stored.tensors());
        WeightCopy copy = new WeightCopy();
        if (!copy.pairByName(targets, groups)) {
            copy.pairByShape(targets, groups, stored.inOrderOfModel(), network instanceof MultiLayerNetwork);
        }
        return copy;
    }

    /**
     * Pairs the tensors with the layers of a network by a map of names.
     *
     * @param stored the tensors
     * @param network an initialised network
     * @param skipped layers that keep what they have
     * @param torchPrefixToLayer the name of a layer for the prefix of its tensors
     * @return what is to be written
     * @throws IllegalArgumentException if a tensor or a layer finds no partner, or does not fit
     */
    public static WeightCopy of(
            StoredTensors stored, Model network, Set<String> skipped, Map<String, String> torchPrefixToLayer) {
        NetworkTargets all = NetworkTargets.of(network, skipped);
        List<LayerTarget> targets = new ArrayList<>(all.inOrder());
        List<TensorGroup> groups = TensorGroup.of(stored.tensors());
        Map<LayerTarget, TensorGroup> found = new LinkedHashMap<>();
        torchPrefixToLayer.forEach((prefix, name) -> {
            TensorGroup group = group(prefix, groups);
            LayerTarget target = all.get(name);
            if (group == null) {
                List<String> left = groups.stream().map(TensorGroup::prefix).toList();
                throw new IllegalArgumentException("No tensors have the prefix '" + prefix + "', or it is there twice; "
                        + "left are " + Refused.shown(left) + ClosestName.hint(prefix, left));
            }
            if (target == null || !targets.remove(target)) {
                List<String> left = targets.stream().map(LayerTarget::name).toList();
                throw new IllegalArgumentException("The tensors " + group + " find no layer '" + name
                        + "' with parameters, or it is there twice; left are " + left + ClosestName.hint(name, left));
            }
            groups.remove(group);
            found.put(target, group);
        });
        refuseLeftovers(targets, groups);
        WeightCopy copy = new WeightCopy();
        all.inOrder().forEach(target -> copy.pair(target, found.get(target)));
        return copy;
    }

    /**
     * Pairs the layers of a graph with the tensors that each of them takes.
     *
     * @param tensors the tensors by torch's names
     * @param network an initialised network
     * @param taken for each layer with parameters the names of its tensors, by their names within the torch module
     * @return what is to be written
     * @throws IllegalArgumentException if a layer has none, or they do not fit
     */
    public static WeightCopy of(
            Map<String, INDArray> tensors, ComputationGraph network, Map<String, Map<String, String>> taken) {
        NetworkTargets all = NetworkTargets.of(network, Set.of());
        List<LayerTarget> left = new ArrayList<>(all.inOrder());
        WeightCopy copy = new WeightCopy();
        taken.forEach((name, names) -> {
            LayerTarget target = all.get(name);
            if (target == null || !left.remove(target)) {
                throw new IllegalArgumentException("No layer '" + name + "' has parameters");
            }
            copy.pair(target, TensorGroup.of(name, names, tensors));
        });
        refuseLeftovers(left, List.of());
        return copy;
    }

    /** The group of a prefix; {@code lstm} finds {@code lstm.l0} if that stack has no other layers. */
    private static TensorGroup group(String prefix, List<TensorGroup> groups) {
        List<TensorGroup> exact =
                groups.stream().filter(group -> group.prefix().equals(prefix)).toList();
        List<TensorGroup> stack =
                groups.stream().filter(group -> group.isOfStack(prefix)).toList();
        if (!exact.isEmpty()) {
            return exact.get(0);
        }
        return stack.size() == 1 ? stack.get(0) : null;
    }

    private boolean pairByName(NetworkTargets targets, List<TensorGroup> groups) {
        Map<LayerTarget, TensorGroup> named = new LinkedHashMap<>();
        for (String name : targets.names()) {
            TensorGroup group = group(name, groups);
            // a number in the name of a module counts modules without parameters, too; that of a layer of DL4J as well,
            // but not the same ones
            boolean isNumber = name.chars().allMatch(Character::isDigit);
            if (group != null && !isNumber) {
                named.put(targets.get(name), group);
            }
        }
        if (named.size() < targets.inOrder().size() || named.size() < groups.size()) {
            return false;
        }
        named.forEach(this::pair);
        return true;
    }

    private void pair(LayerTarget target, TensorGroup group) {
        String misfit = target.misfit(group);
        if (misfit != null) {
            throw new IllegalArgumentException(misfit);
        }
        pairs.put(target, group);
    }

    /** Those of the same shapes are the same choice for the same layers; only among these an order is needed. */
    private void pairByShape(
            NetworkTargets targets, List<TensorGroup> groups, boolean inOrderOfModel, boolean layersHaveAnOrder) {
        List<TensorGroup> left = new ArrayList<>(groups);
        Map<LayerTarget, TensorGroup> found = new LinkedHashMap<>();
        for (LayerTarget target : targets.inOrder()) {
            List<TensorGroup> choice =
                    left.stream().filter(group -> target.misfit(group) == null).toList();
            if (choice.isEmpty()) {
                refuse(targets, groups, inOrderOfModel, target);
            }
            TensorGroup next = layersHaveAnOrder || choice.size() == 1 ? first(choice, inOrderOfModel) : null;
            if (next == null) {
                throw new IllegalArgumentException("For " + target + " there is more than one choice: "
                        + Refused.shown(choice)
                        + "; neither shapes nor numbers in the names tell which, and the order of a "
                        + "file is that of __init__, not of forward. Name the layers: copyInto(network, Map.of(prefix, "
                        + "layer, ..))");
            }
            left.remove(next);
            found.put(target, next);
        }
        if (!left.isEmpty()) {
            refuseLeftovers(List.of(), left);
        }
        pairs.putAll(found);
    }

    /** The one with the lowest number; null if numbers do not tell, or another stands first in the model. */
    private static TensorGroup first(List<TensorGroup> choice, boolean inOrderOfModel) {
        List<TensorGroup> ordered = new ArrayList<>(choice);
        boolean isOrdered = choice.size() == 1 || PrefixOrder.sort(ordered);
        return isOrdered && (!inOrderOfModel || ordered.equals(choice)) ? ordered.get(0) : null;
    }

    /** No pairing fits; one after the other tells best what is wrong. */
    private static void refuse(
            NetworkTargets targets, List<TensorGroup> groups, boolean inOrderOfModel, LayerTarget without) {
        List<LayerTarget> layers = new ArrayList<>(targets.inOrder());
        List<TensorGroup> ordered = new ArrayList<>(groups);
        if (inOrderOfModel || PrefixOrder.sort(ordered)) {
            int both = Math.min(layers.size(), ordered.size());
            WeightCopy inOrder = new WeightCopy();
            for (int i = 0; i < both; i++) {
                inOrder.pair(layers.get(i), ordered.get(i));
            }
            refuseLeftovers(layers.subList(both, layers.size()), ordered.subList(both, ordered.size()));
        }
        throw new IllegalArgumentException(
                "For " + without + " no tensors are left that fit it; there are " + Refused.shown(groups));
    }

    private static void refuseLeftovers(List<LayerTarget> targets, List<TensorGroup> groups) {
        if (!targets.isEmpty()) {
            throw new IllegalArgumentException("No tensors are left for " + targets.get(0)
                    + (groups.isEmpty() ? "" : "; without a layer are " + Refused.shown(groups)));
        }
        if (!groups.isEmpty()) {
            throw new IllegalArgumentException("No layer with parameters is left for the tensors " + groups.get(0));
        }
    }

    /** Writes all tensors into the network, in its own dtype. */
    public void write() {
        pairs.forEach(LayerTarget::write);
    }

    /**
     * The pairs by name.
     *
     * @return for each layer, in the network's order, torch's names by the names within the torch module
     */
    public Map<String, Map<String, String>> names() {
        return pairs.entrySet().stream()
                .collect(Collectors.toMap(
                        pair -> pair.getKey().name(),
                        pair -> pair.getValue().fullNames(),
                        (a, b) -> a,
                        LinkedHashMap::new));
    }

    /**
     * Notes on what else training needs to be as in torch, as far as the tensors and the network tell.
     *
     * @param network the network
     * @return sentences that name the layers
     */
    public List<String> notes(Model network) {
        Map<String, Map<String, INDArray>> tensors = new LinkedHashMap<>();
        pairs.forEach((target, group) -> tensors.put(target.name(), group.tensors()));
        return TrainingNotes.of(network, tensors);
    }

    /**
     * Describes the pairs.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return Arrays.toString(pairs.entrySet().toArray());
    }
}
