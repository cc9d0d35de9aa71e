/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.layer.MultiHeadAttention;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Translates attention of a sequence to itself: torch's module and functions, and the same written by hand. All
 * operators between the projection of the input and that of the output together become one {@link MultiHeadAttention}.
 */
final class AttentionOperators {

    private static final Map<String, Operator> OF_REARRANGED = new HashMap<>();
    private static final Map<String, Operator> OF_SCORES = new HashMap<>();

    static {
        for (String name : List.of("contiguous", "clone", "alias")) {
            OF_REARRANGED.put("torch." + name, call -> call.any(0));
            OF_SCORES.put("torch." + name, call -> call.any(0));
        }
        for (String name : List.of("to", "type_as")) {
            OF_REARRANGED.put("torch." + name, ShapeOperators::converted);
            OF_SCORES.put("torch." + name, ShapeOperators::converted);
        }
        OF_REARRANGED.put(
                "torch.size",
                call -> rearranged(call, 0)
                        .size(dimension(call, 1, rearranged(call, 0).rank()))
                        .value());
        OF_REARRANGED.put("torch.transpose", call -> {
            Rearranged x = rearranged(call, 0);
            return x.transposed(dimension(call, 1, x.rank()), dimension(call, 2, x.rank()));
        });
        OF_REARRANGED.put("torch.permute", AttentionOperators::permute);
        OF_REARRANGED.put("torch.unsqueeze", call -> {
            Rearranged x = rearranged(call, 0);
            return x.inserted(dimension(call, 1, x.rank() + 1));
        });
        OF_REARRANGED.put("torch.squeeze", call -> {
            Rearranged x = rearranged(call, 0);
            return x.squeezed(dimension(call, 1, x.rank()));
        });
        OF_REARRANGED.put("torch.view", call -> viewed(call, call.list(1)));
        OF_REARRANGED.put("torch.reshape", call -> viewed(call, call.list(1)));
        OF_REARRANGED.put("torch.flatten", AttentionOperators::flatten);
        OF_REARRANGED.put("torch.unflatten", AttentionOperators::unflatten);
        OF_REARRANGED.put("torch.select", AttentionOperators::select);
        OF_REARRANGED.put("torch.unbind", AttentionOperators::unbind);
        OF_REARRANGED.put("torch.chunk", AttentionOperators::chunk);
        OF_REARRANGED.put("torch.mul", call -> rearranged(call, 0).scaled(call.real(1, 1)));
        OF_REARRANGED.put("torch.div", call -> rearranged(call, 0).scaled(divisor(call)));
        OF_REARRANGED.put("torch.linear", AttentionOperators::linear);
        OF_SCORES.put("torch.mul", call -> unweighted(call).scaled(call.real(1, 1)));
        OF_SCORES.put("torch.div", call -> unweighted(call).scaled(divisor(call)));
        OF_SCORES.put("torch.softmax", AttentionOperators::softmax);
        OF_SCORES.put("torch.dropout", AttentionOperators::dropout);
    }

    /** The limit of parts; queries, keys and values are three. */
    private static final int MOST_PARTS = 16;

    private AttentionOperators() {}

    static void addTo(Map<String, Operator> table) {
        table.put("torch.bmm", AttentionOperators::product);
        table.put("torch.matmul", AttentionOperators::product);
        table.put("torch.scaled_dot_product_attention", AttentionOperators::attention);
        table.put("torch.unflatten", AttentionOperators::unflatten);
        for (String fast : List.of("_transformer_encoder_layer_fwd", "_native_multi_head_attention")) {
            table.put("torch." + fast, call -> {
                throw call.refused("is torch's fast path of inference, which hides the layers; trace after"
                        + " torch.backends.mha.set_fastpath_enabled(False)");
            });
        }
    }

    /** The operator for arguments that are already cut or moved; null for any others. */
    static Operator of(Call call, String name) {
        return call.any(0) instanceof Rearranged
                ? OF_REARRANGED.get(name)
                : call.any(0) instanceof Attention ? OF_SCORES.get(name) : null;
    }

    private static Rearranged rearranged(Call call, int index) {
        Rearranged x = call.any(index) instanceof Rearranged given
                ? given
                : Rearranged.of(call.plan(), call.activation(index));
        if (x == null) {
            throw call.refused("takes an input of the sizes "
                    + call.activation(index).words() + "; it needs a sequence of more than one step and channel");
        }
        return x;
    }

    private static int dimension(Call call, int index, int rank) {
        return call.dimension(call.number(index, 0), rank);
    }

    private static double divisor(Call call) {
        ArithmeticOperators.requireExact(call);
        return 1 / call.real(1, 1);
    }

    private static Object permute(Call call) {
        Rearranged x = rearranged(call, 0);
        List<Integer> order = call.list(1).stream()
                .map(dimension -> call.dimension(dimension, x.rank()))
                .toList();
        if (order.size() != x.rank() || order.stream().distinct().count() != x.rank()) {
            throw call.refused("names " + call.list(1) + " for the dimensions of " + x);
        }
        return x.permuted(order);
    }

    private static Rearranged viewed(Call call, List<Object> sizes) {
        Rearranged x = rearranged(call, 0);
        Rearranged viewed = x.viewed(sizes);
        if (viewed == null) {
            throw call.refused("makes " + sizes + " of " + x + ", which does not go into one another");
        }
        return viewed;
    }

    private static Object flatten(Call call) {
        Rearranged x = rearranged(call, 0);
        int first = dimension(call, 1, x.rank());
        int last = call.dimension(call.number(2, -1), x.rank());
        List<Object> sizes = new ArrayList<>();
        Extent joined = Extent.ONE;
        for (int i = 0; i < x.rank(); i++) {
            joined = i >= first && i <= last ? joined.times(x.size(i)) : x.size(i);
            if (i < first || i >= last) {
                sizes.add(joined);
            }
        }
        return viewed(call, sizes);
    }

    private static Object unflatten(Call call) {
        Rearranged x = rearranged(call, 0);
        int at = dimension(call, 1, x.rank());
        List<Object> sizes = new ArrayList<>();
        for (int i = 0; i < x.rank(); i++) {
            if (i == at) {
                sizes.addAll(call.list(2));
            } else {
                sizes.add(x.size(i));
            }
        }
        return viewed(call, sizes);
    }

    private static long places(Call call, Rearranged x, int at) {
        if (x.places(at) == 0) {
            throw call.refused("takes places of dimension " + at + " of " + x + ", which is none of channels");
        }
        return x.places(at);
    }

    private static Object select(Call call) {
        Rearranged x = rearranged(call, 0);
        int at = dimension(call, 1, x.rank());
        return x.selected(at, dimension(call, 2, Math.toIntExact(places(call, x, at))));
    }

    private static Object unbind(Call call) {
        Rearranged x = rearranged(call, 0);
        int at = dimension(call, 1, x.rank());
        return parts(call, places(call, x, at)).mapToObj(i -> x.selected(at, i)).toList();
    }

    private static IntStream parts(Call call, long count) {
        if (count > MOST_PARTS) {
            throw call.refused("makes more than " + MOST_PARTS + " parts of what becomes no vertex");
        }
        return IntStream.range(0, (int) count);
    }

    private static Object chunk(Call call) {
        Rearranged x = rearranged(call, 0);
        int at = dimension(call, 2, x.rank());
        long places = places(call, x, at);
        long count = call.count(1, 1);
        if (count < 1 || places % count != 0) {
            throw call.refused("makes " + count + " parts of " + places + " places");
        }
        long size = places / count;
        return parts(call, count).mapToObj(i -> x.part(at, i * size, size)).toList();
    }

    // ---- products ----

    private static Object product(Call call) {
        return call.any(0) instanceof Attention weights
                ? weights.times(call, rearranged(call, 1))
                : Attention.of(call, rearranged(call, 0), rearranged(call, 1));
    }

    private static Attention unweighted(Call call) {
        Attention scores = (Attention) call.any(0);
        if (scores.weights()) {
            throw call.refused("multiplies the weights of an attention by a number");
        }
        return scores;
    }

    private static Object softmax(Call call) {
        Attention scores = unweighted(call);
        if (dimension(call, 1, scores.rank()) != scores.rank() - 1) {
            throw call.refused("goes along another dimension of the scores of an attention than the last");
        }
        return scores.asWeights();
    }

    private static Object dropout(Call call) {
        if (call.flag(2, false) && call.real(1, 0) != 0) {
            throw call.refused(
                    "drops weights of an attention, for which there is no layer; trace the model with dropout 0, or"
                            + " in eval()");
        }
        return call.any(0);
    }

    /** Translates torch 2's function, which does everything between the projections. */
    private static Object attention(Call call) {
        if (call.has(3) || call.real(4, 0) != 0) {
            throw call.refused("has a mask or drops weights, for which there is no layer");
        }
        Rearranged query = rearranged(call, 0);
        Rearranged key = rearranged(call, 1);
        int rank = key.rank();
        if (rank < 3) {
            throw call.refused("takes " + key + ", which has too few dimensions");
        }
        Object given = call.named("scale");
        double scale = given == null
                ? 1 / Math.sqrt((double) query.size(query.rank() - 1).factor())
                : call.real(given, 1);
        Attention scores = Attention.of(call, query, key.transposed(rank - 2, rank - 1))
                .scaled(scale)
                .asWeights();
        return (call.flag(5, false) ? scores.asCausal() : scores).times(call, rearranged(call, 2));
    }

    private static Object linear(Call call) {
        Rearranged x = rearranged(call, 0);
        if (x.attention() == null) {
            throw call.refused("takes " + x + "; it needs a sequence whose channels lie together");
        }
        return x.attention().projected(call, x);
    }
}
