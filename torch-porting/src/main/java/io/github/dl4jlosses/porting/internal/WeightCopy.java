/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
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
     * Pairs the tensors with the layers of a network in the order of both, or by shape where the file has no order.
     *
     * @param stored the tensors
     * @param network an initialised network
     * @return what is to be written
     * @throws IllegalArgumentException if a tensor or a layer finds no partner, or does not fit
     */
    public static WeightCopy of(StoredTensors stored, MultiLayerNetwork network) {
        List<LayerTarget> targets = new ArrayList<>();
        Layer[] layers = network.getLayers() == null ? new Layer[0] : network.getLayers();
        for (int i = 0; i < layers.length; i++) {
            if (layers[i].numParams() > 0) {
                targets.add(LayerTarget.of(String.valueOf(i), layers[i]));
            }
        }
        checkInitialised(layers.length);
        List<TensorGroup> groups = TensorGroup.of(stored.tensors());
        WeightCopy copy = new WeightCopy();
        if (stored.inOrderOfModel() || PrefixOrder.sort(groups)) {
            copy.pairInOrder(targets, groups);
        } else {
            copy.pairByShape(targets, groups);
        }
        return copy;
    }

    /**
     * Pairs the tensors with the layers of a graph by name.
     *
     * @param stored the tensors
     * @param network an initialised network
     * @param torchPrefixToLayer the name of a layer for the prefix of its tensors
     * @return what is to be written
     * @throws IllegalArgumentException if a tensor or a layer finds no partner, or does not fit
     */
    public static WeightCopy of(
            StoredTensors stored, ComputationGraph network, Map<String, String> torchPrefixToLayer) {
        checkInitialised(network.getLayers() == null ? 0 : network.getLayers().length);
        Map<String, LayerTarget> targets = targets(network);
        Map<String, TensorGroup> groups = TensorGroup.of(stored.tensors()).stream()
                .collect(Collectors.toMap(TensorGroup::prefix, group -> group, (a, b) -> a, LinkedHashMap::new));
        WeightCopy copy = new WeightCopy();
        torchPrefixToLayer.forEach((prefix, name) -> {
            TensorGroup group = groups.remove(prefix);
            LayerTarget target = targets.remove(name);
            if (group == null) {
                throw new IllegalArgumentException("No tensors have the prefix '" + prefix + "', or it is there twice; "
                        + "left are " + Refused.shown(groups.keySet()));
            }
            if (target == null) {
                throw new IllegalArgumentException("The tensors " + group + " find no layer '" + name
                        + "' with parameters, or it is there twice; left are " + targets.keySet());
            }
            copy.pair(target, group);
        });
        refuseLeftovers(new ArrayList<>(targets.values()), new ArrayList<>(groups.values()));
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
        Map<String, LayerTarget> targets = targets(network);
        WeightCopy copy = new WeightCopy();
        taken.forEach((name, names) -> {
            LayerTarget target = targets.remove(name);
            if (target == null) {
                throw new IllegalArgumentException("No layer '" + name + "' has parameters");
            }
            copy.pair(target, TensorGroup.of(name, names, tensors));
        });
        refuseLeftovers(new ArrayList<>(targets.values()), List.of());
        return copy;
    }

    private static Map<String, LayerTarget> targets(ComputationGraph network) {
        Map<String, LayerTarget> targets = new LinkedHashMap<>();
        for (GraphVertex vertex : network.getVertices()) {
            if (vertex.numParams() > 0 && vertex.hasLayer()) {
                targets.put(
                        vertex.getVertexName(), LayerTarget.of("'" + vertex.getVertexName() + "'", vertex.getLayer()));
            } else if (vertex.numParams() > 0) {
                throw new IllegalArgumentException(
                        "Vertex '" + vertex.getVertexName() + "' has parameters, but no layer that torch has");
            }
        }
        return targets;
    }

    private static void checkInitialised(int layers) {
        if (layers == 0) {
            throw new IllegalArgumentException("The network has no layers yet; call its init() first");
        }
    }

    private void pairInOrder(List<LayerTarget> targets, List<TensorGroup> groups) {
        int both = Math.min(targets.size(), groups.size());
        for (int i = 0; i < both; i++) {
            pair(targets.get(i), groups.get(i));
        }
        refuseLeftovers(targets.subList(both, targets.size()), groups.subList(both, groups.size()));
    }

    private void pair(LayerTarget target, TensorGroup group) {
        String misfit = target.misfit(group);
        if (misfit != null) {
            throw new IllegalArgumentException(misfit);
        }
        pairs.put(target, group);
    }

    private void pairByShape(List<LayerTarget> targets, List<TensorGroup> groups) {
        List<TensorGroup> left = new ArrayList<>(groups);
        for (LayerTarget target : targets) {
            List<TensorGroup> fitting = groups.stream()
                    .filter(group -> target.misfit(group) == null)
                    .toList();
            if (fitting.size() > 1) {
                throw new IllegalArgumentException("The file does not keep the order of the model, and for " + target
                        + " there is more than one choice: " + Refused.shown(fitting)
                        + "; load the file that torch.save wrote, or name "
                        + "the layers: copyInto(network.toComputationGraph(), ...)");
            }
            if (fitting.isEmpty() || !left.removeAll(fitting)) {
                throw new IllegalArgumentException(
                        "For " + target + " no tensors are left that fit it; there are " + Refused.shown(groups));
            }
            pairs.put(target, fitting.get(0));
        }
        refuseLeftovers(List.of(), left);
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
     * Describes the pairs.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return Arrays.toString(pairs.entrySet().toArray());
    }
}
