/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import io.github.dl4jlosses.layer.MultiHeadAttention;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The attention scores of the steps of a sequence for each other, and their weights after the softmax.
 *
 * @param query the channels of the queries
 * @param key the channels of the keys, after those of the queries in the same projection
 * @param leading the dimensions before the last two: batch and heads
 * @param scale the factor of the products
 * @param causal whether no step sees later ones
 * @param weights whether the softmax has been applied
 */
record Attention(
        Rearranged query,
        Rearranged key,
        List<List<Rearranged.Piece>> leading,
        double scale,
        boolean causal,
        boolean weights) {

    private static final int TIME = 2;

    Attention scaled(double by) {
        return new Attention(query, key, leading, scale * by, causal, weights);
    }

    Attention asWeights() {
        return new Attention(query, key, leading, scale, causal, true);
    }

    Attention asCausal() {
        return new Attention(query, key, leading, scale, true, weights);
    }

    int rank() {
        return leading.size() + 2;
    }

    /** The product of queries [.., T, d] and keys [.., d, T]. */
    static Attention of(Call call, Rearranged query, Rearranged key) {
        int rank = query.rank();
        boolean fits = rank >= 3
                && key.rank() == rank
                && query.attention() == null
                && query.of().vertex().equals(key.of().vertex())
                && leading(query).equals(leading(key))
                && isSteps(query.dimensions().get(rank - 2))
                && isSteps(key.dimensions().get(rank - 1))
                && query.dimensions().get(rank - 1).equals(key.dimensions().get(rank - 2));
        if (!fits) {
            throw call.refused("multiplies " + query + " and " + key
                    + ", which are not the queries and keys of one sequence: attention to another sequence, or heads that lie"
                    + " otherwise than in nn.MultiheadAttention, have no layer here");
        }
        return new Attention(query, key, leading(query), query.scale() * key.scale(), false, false);
    }

    private static List<List<Rearranged.Piece>> leading(Rearranged x) {
        return x.dimensions().subList(0, x.rank() - 2);
    }

    private static boolean isSteps(List<Rearranged.Piece> pieces) {
        return pieces.size() == 1
                && pieces.get(0).axis() == TIME
                && pieces.get(0).stride() == 1;
    }

    /** The weights times the values [.., T, d]. */
    Rearranged times(Call call, Rearranged value) {
        boolean fits = weights
                && value.rank() == rank()
                && value.of() != null
                && value.of().vertex().equals(query.of().vertex())
                && value.scale() == 1
                && leading(value).equals(leading)
                && value.dimensions().equals(query.dimensions());
        if (!fits) {
            throw call.refused("multiplies the weights of an attention and " + value
                    + ", which are not the values of the same heads");
        }
        long channels = query.of().channels() / 3;
        boolean inOrder = query.of().channels() == 3 * channels
                && query.from() == 0
                && key.from() == channels
                && value.from() == 2 * channels;
        if (!inOrder) {
            throw call.refused(
                    "has queries, keys and values that are not the three thirds of one Linear, in this order");
        }
        checkHeads(call, channels);
        return new Rearranged(null, this, 0, 1, value.dimensions());
    }

    private void checkHeads(Call call, long channels) {
        List<Rearranged.Piece> pieces = new ArrayList<>();
        query.dimensions().forEach(pieces::addAll);
        long width = width();
        long heads = channels / width;
        List<Rearranged.Piece> wanted = new ArrayList<>();
        wanted.add(new Rearranged.Piece(0, 1, Extent.ofSize(Activation.BATCH)));
        if (heads > 1) {
            wanted.add(new Rearranged.Piece(Activation.CHANNELS, width, new Extent(heads, 0, 0)));
        }
        wanted.add(
                new Rearranged.Piece(TIME, 1, Extent.ofSize(query.of().shape().get(TIME))));
        if (width > 1) {
            wanted.add(new Rearranged.Piece(Activation.CHANNELS, 1, new Extent(width, 0, 0)));
        }
        if (heads * width != channels || pieces.size() != wanted.size() || !pieces.containsAll(wanted)) {
            throw call.refused("has heads that lie otherwise than those of nn.MultiheadAttention");
        }
        if (Math.abs(scale * Math.sqrt((double) width) - 1) > 1e-12) {
            throw call.refused("multiplies the scores by " + scale + " and not by the root of 1 / " + width
                    + ", for which there is no layer");
        }
    }

    /** The number of channels of a head. */
    private long width() {
        return query.size(query.rank() - 1).factor();
    }

    /**
     * The layer, made when the heads reach the projection of the output.
     *
     * @param heads the weights times the values, with the heads side by side again
     */
    Object projected(Call call, Rearranged heads) {
        Weight weight = call.weight(1);
        PlannedVertex in = call.plan().vertex(query.of().vertex());
        if (in == null || !(in.role() instanceof PlannedVertex.Linear linear)) {
            throw call.refused("projects the heads of an attention whose queries, keys and values come from no Linear");
        }
        long channels = linear.in();
        List<Rearranged.Piece> last = heads.dimensions().get(heads.rank() - 1);
        Rearranged.Piece whole = new Rearranged.Piece(Activation.CHANNELS, 1, new Extent(channels, 0, 0));
        boolean fits = linear.out() == 3 * channels
                && weight.shape().equals(List.of(channels, channels))
                && last.equals(List.of(whole))
                && linear.hasBias() == call.has(2);
        if (!fits) {
            throw call.refused("projects " + heads + " by weights of " + weight.shape()
                    + "; the layer has as many channels at its output as at its input, and both biases or none");
        }
        PlannedVertex product = call.plan().vertex(linear.product());
        Map<String, String> tensors = new LinkedHashMap<>();
        tensors.put("in_proj_weight", product.tensors().get("weight"));
        tensors.put("out_proj.weight", weight.name());
        if (call.has(2)) {
            tensors.put("in_proj_bias", product.tensors().get("bias"));
            tensors.put("out_proj.bias", call.weight(2).name());
        }
        Source<MultiHeadAttention> layer = Source.of(
                        MultiHeadAttention.Builder::new, Math.toIntExact(channels / width()))
                .with("nIn", MultiHeadAttention.Builder::nIn, channels)
                .with("hasBias", MultiHeadAttention.Builder::hasBias, call.has(2))
                .with("causal", MultiHeadAttention.Builder::causal, causal)
                .then("build", MultiHeadAttention.Builder::build);
        String vertex = call.addModule(layer, linear.input(), tensors);
        Activation output = query.of().withChannels(vertex, channels);
        return new Rearranged(output, null, 0, 1, heads.dimensions()).simplest();
    }
}
