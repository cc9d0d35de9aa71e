/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;

/** The layers of a network that have parameters, in its order, by the names that a user calls them. */
final class NetworkTargets {

    private final Map<String, LayerTarget> byName = new LinkedHashMap<>();
    /** Layers of a MultiLayerNetwork may be called by the name that they were given as well as by their number. */
    private final Map<String, String> aliases = new LinkedHashMap<>();

    private NetworkTargets() {}

    /**
     * The layers of a network that have parameters to fill.
     *
     * @param skipped layers that are ignored
     * @throws IllegalArgumentException if the network is not initialised, lacks a layer to skip, or has a layer without
     *     a counterpart in torch
     */
    static NetworkTargets of(Model network, Set<String> skipped) {
        NetworkTargets targets = new NetworkTargets();
        List<String> unused = new ArrayList<>(skipped);
        if (network instanceof MultiLayerNetwork layers) {
            targets.add(layers, unused);
        } else if (network instanceof ComputationGraph graph) {
            targets.add(graph, unused);
        } else {
            throw new IllegalArgumentException("net is neither a MultiLayerNetwork nor a ComputationGraph");
        }
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException("The network has no layer '" + unused.get(0)
                    + "' with parameters that could be skipped" + ClosestName.hint(unused.get(0), targets.names()));
        }
        return targets;
    }

    private void add(MultiLayerNetwork network, List<String> skipped) {
        Layer[] layers = network.getLayers() == null ? new Layer[0] : network.getLayers();
        checkInitialised(layers.length);
        for (int i = 0; i < layers.length; i++) {
            String number = String.valueOf(i);
            String name = layers[i].conf().getLayer().getLayerName();
            if (layers[i].numParams() > 0 && !skipped.remove(number) && !skipped.remove(name)) {
                boolean isNamed = name != null && !name.equals("layer" + i);
                byName.put(number, LayerTarget.of(number, isNamed ? number + " '" + name + "'" : number, layers[i]));
                checkActivation(number, layers[i], i + 1 < layers.length ? List.of(layers[i + 1]) : List.of());
                if (isNamed) {
                    aliases.putIfAbsent(name, number);
                }
            }
        }
    }

    private void add(ComputationGraph network, List<String> skipped) {
        checkInitialised(network.getLayers() == null ? 0 : network.getLayers().length);
        for (GraphVertex vertex : network.getVertices()) {
            String name = vertex.getVertexName();
            if (vertex.numParams() == 0 || skipped.remove(name)) {
                continue;
            }
            if (!vertex.hasLayer()) {
                throw new IllegalArgumentException("Vertex '" + name + "' has parameters, but no layer that torch has");
            }
            byName.put(name, LayerTarget.of(name, "'" + name + "'", vertex.getLayer()));
            checkActivation("'" + name + "'", vertex.getLayer(), readers(network, vertex));
        }
    }

    private static List<Layer> readers(ComputationGraph network, GraphVertex vertex) {
        List<Layer> readers = new ArrayList<>();
        if (vertex.getOutputVertices() != null) {
            for (VertexIndices reader : vertex.getOutputVertices()) {
                readers.add(network.getVertices()[reader.getVertexIndex()].getLayer());
            }
        }
        return readers;
    }

    /** DL4J's BatchNormalization ignores its activation; that it is one of its own, and no default, its readers tell. */
    private static void checkActivation(String shown, Layer layer, List<Layer> readers) {
        if (!(layer.conf().getLayer() instanceof BatchNormalization normalization)
                || normalization.getActivationFn() == null
                || normalization.getActivationFn() instanceof ActivationIdentity
                // DL4J's default, which nobody has asked for
                || normalization.getActivationFn() instanceof ActivationSigmoid) {
            return;
        }
        boolean activated = !readers.isEmpty()
                && readers.stream()
                        .allMatch(reader -> reader != null && reader.conf().getLayer() instanceof ActivationLayer);
        if (!activated) {
            throw new IllegalArgumentException("DL4J ignores the activation " + normalization.getActivationFn()
                    + " of layer " + shown + " (BatchNormalization); put an ActivationLayer behind it, or set"
                    + " activation(Activation.IDENTITY) if torch's model has none there");
        }
    }

    private static void checkInitialised(int layers) {
        if (layers == 0) {
            throw new IllegalArgumentException("The network has no layers yet; call its init() first");
        }
    }

    Collection<LayerTarget> inOrder() {
        return byName.values();
    }

    /** All names that layers are called by. */
    List<String> names() {
        List<String> names = new ArrayList<>(byName.keySet());
        names.addAll(aliases.keySet());
        return names;
    }

    /** Null if there is none. */
    LayerTarget get(String name) {
        LayerTarget target = byName.get(name);
        return target == null && aliases.containsKey(name) ? byName.get(aliases.get(name)) : target;
    }
}
