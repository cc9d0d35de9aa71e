/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.layer.LayerNorm;
import io.github.dl4jlosses.layer.LearnedPositions;
import io.github.dl4jlosses.layer.MultiHeadAttention;
import io.github.dl4jlosses.layer.TorchPReLU;
import io.github.dl4jlosses.porting.internal.Refused;
import io.github.dl4jlosses.porting.internal.TensorPlace;
import io.github.dl4jlosses.updater.TiedWeightsListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;

/** Finds tensors of the file that several vertices use, which torch trains as one. */
final class Ties {

    /** The limit of uses of one tensor, because each takes memory of its own. */
    private static final int MOST_USES = 16;

    private static final Map<String, String> PARAMETERS =
            Map.of("weight", "W", "bias", "b", "weight_ih", "W", "weight_hh", "RW", "bias_ih", "b", "bias_hh", "b");

    /** The names in layers of this library, whose other parameters are named as in torch. */
    private static final Map<String, String> OF_ATTENTION = Map.of(
            "in_proj_weight",
            "inProjWeight",
            "in_proj_bias",
            "inProjBias",
            "out_proj.weight",
            "outProjWeight",
            "out_proj.bias",
            "outProjBias");

    private static final String BACK = "_reverse";

    /** The layouts in which layers hold a tensor. */
    private enum Layout {
        LINEAR,
        TABLE,
        OTHER
    }

    private record Use(PlannedVertex vertex, String tensor) {

        Layer layer() {
            return vertex.layer().value();
        }

        Layout layout() {
            if (layer() instanceof DenseLayer) {
                return Layout.LINEAR;
            }
            boolean table = layer() instanceof EmbeddingLayer || layer() instanceof EmbeddingSequenceLayer;
            return table ? Layout.TABLE : Layout.OTHER;
        }

        /** DL4J's name. */
        String parameter() {
            if (layer() instanceof MultiHeadAttention) {
                return vertex.name() + "_" + OF_ATTENTION.get(tensor);
            }
            if (layer() instanceof LayerNorm || layer() instanceof LearnedPositions || layer() instanceof TorchPReLU) {
                return vertex.name() + "_" + tensor;
            }
            boolean back = tensor.endsWith(BACK);
            String name = PARAMETERS.get(back ? tensor.substring(0, tensor.length() - BACK.length()) : tensor);
            String direction = layer() instanceof Bidirectional ? (back ? "b" : "f") : "";
            return vertex.name() + "_" + direction + name;
        }
    }

    private record Tie(Use first, Use other, boolean transposed) {}

    private final Map<String, TensorPlace> places;
    private final Map<TensorPlace, Use> taken = new HashMap<>();
    /** Tensors by storage and first element; none overlaps another. */
    private final Map<String, TreeMap<Long, String>> apart = new HashMap<>();

    private final Map<TensorPlace, Integer> uses = new HashMap<>();
    private final List<Tie> ties = new ArrayList<>();

    /** @param places the places of the tensors in the file */
    Ties(Map<String, TensorPlace> places) {
        this.places = places;
    }

    void add(PlannedVertex vertex) {
        vertex.tensors().forEach((local, tensor) -> {
            TensorPlace place = places.get(tensor);
            Use use = new Use(vertex, local);
            Use first = taken.putIfAbsent(place, use);
            if (first == null) {
                checkApart(vertex, tensor);
                return;
            }
            if (uses.merge(place, 1, Integer::sum) >= MOST_USES) {
                throw refused(vertex, tensor, "which more than " + MOST_USES + " vertices have");
            }
            boolean alike = first.layout() == use.layout()
                    && first.layer().getClass() == use.layer().getClass()
                    && first.tensor().equals(local)
                    && !first.vertex().name().equals(vertex.name());
            boolean transposed = !alike
                    && first.layout() != Layout.OTHER
                    && use.layout() != Layout.OTHER
                    && first.layout() != use.layout();
            if (use.layer() instanceof BatchNormalization || !(alike || transposed)) {
                throw refused(
                        vertex,
                        tensor,
                        "which the vertex " + Refused.shown(first.vertex().name())
                                + " has already: torch has one of it, and DL4J cannot train the two as one");
            }
            ties.add(new Tie(first, use, transposed));
        });
    }

    /** Refuses a tensor that shares only some elements with another, because torch would train these through both. */
    private void checkApart(PlannedVertex vertex, String tensor) {
        TensorPlace place = places.get(tensor);
        if (place.from() == place.to()) {
            return;
        }
        TreeMap<Long, String> others = apart.computeIfAbsent(place.storage(), storage -> new TreeMap<>());
        Map.Entry<Long, String> before = others.lowerEntry(place.to());
        if (before != null && places.get(before.getValue()).to() > place.from()) {
            throw refused(
                    vertex,
                    tensor,
                    "which overlaps " + Refused.shown(before.getValue())
                            + " in the memory of the two, as a part or a transposed view does: torch trains what they have"
                            + " in common as one, and DL4J cannot");
        }
        others.put(place.from(), tensor);
    }

    private static Refused refused(PlannedVertex vertex, String tensor, String reason) {
        return vertex.operation().refused("takes the tensor " + Refused.shown(tensor) + ", " + reason);
    }

    /** The listener that keeps tied tensors equal; null if there are none. */
    TiedWeightsListener listener() {
        if (ties.isEmpty()) {
            return null;
        }
        TiedWeightsListener listener = new TiedWeightsListener();
        for (Tie tie : ties) {
            if (tie.transposed()) {
                listener.tieTransposed(tie.first().parameter(), tie.other().parameter());
            } else {
                listener.tie(tie.first().parameter(), tie.other().parameter());
            }
        }
        return listener;
    }
}
