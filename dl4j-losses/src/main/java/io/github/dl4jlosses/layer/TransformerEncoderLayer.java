/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;

/**
 * A layer of a transformer's encoder, torch's {@code nn.TransformerEncoderLayer} without dropout, as vertices of a
 * ComputationGraph: {@link MultiHeadAttention}, two {@link SequenceLinear}, two {@link LayerNorm} and two sums.
 *
 * <p>Formula: y = norm1(x + attention(x)), z = norm2(y + linear2(activation(linear1(y)))); with {@code normFirst},
 * y = x + attention(norm1(x)), z = y + linear2(activation(linear1(norm2(y)))).
 *
 * <p>Shapes: sequences (N, C, T), torch's (N, T, C); (N, T, C) where the input type says NWC.
 *
 * <p>Options: torch's {@code d_model}, {@code nhead} and {@code dim_feedforward}; {@code activation}, a ReLU;
 * {@code normFirst}, false; {@code eps} of both norms, 1e-5; {@code causal}, false. Torch's {@code dropout} has no
 * counterpart here; to compare, set {@code dropout=0} in torch's layer.
 *
 * <p>In a network: the vertices are named after torch's modules, {@code NAME.self_attn}, {@code NAME.norm1},
 * {@code NAME.linear1}, {@code NAME.linear2}, {@code NAME.norm2}, and the sums {@code NAME.sum1} and {@code NAME.sum2}. A
 * features mask says which steps are padding.
 *
 * <pre>{@code
 * GraphBuilder graph = new NeuralNetConfiguration.Builder().graphBuilder()
 *         .addInputs("x")
 *         .setInputTypes(InputType.recurrent(32, 20));
 * TransformerEncoderLayer layer = TransformerEncoderLayer.builder(32, 4, 64).activation(new TorchGELU()).build();
 * String first = layer.addTo(graph, "layers.0", "x");
 * String second = layer.addTo(graph, "layers.1", first);
 * }</pre>
 *
 * <p>Reference: torch.nn.TransformerEncoderLayer, torch 2.7.1; Vaswani et al., Attention Is All You Need, 2017.
 *
 * @since 0.1.0
 */
public final class TransformerEncoderLayer {
    private final long channels;
    private final int heads;
    private final long feedForward;
    private final IActivation activation;
    private final boolean normFirst;
    private final double eps;
    private final boolean causal;

    private TransformerEncoderLayer(Builder builder) {
        this.channels = builder.channels;
        this.heads = builder.heads;
        this.feedForward = builder.feedForward;
        this.activation = builder.activation;
        this.normFirst = builder.normFirst;
        this.eps = builder.eps;
        this.causal = builder.causal;
    }

    /**
     * Starts a builder with torch's defaults.
     *
     * @param channels torch's {@code d_model}
     * @param heads torch's {@code nhead}, a divisor of {@code channels}
     * @param feedForward torch's {@code dim_feedforward}
     * @return a builder
     * @throws IllegalArgumentException if a number is not positive, or {@code heads} does not divide {@code channels}
     */
    public static Builder builder(long channels, int heads, long feedForward) {
        return new Builder(channels, heads, feedForward);
    }

    /**
     * Adds the layer's vertices to a graph.
     *
     * @param graph the graph
     * @param name the prefix of the vertices' names, such as {@code layers.0}
     * @param input the vertex or input to read
     * @return the name of the vertex with the layer's output
     */
    public String addTo(GraphBuilder graph, String name, String input) {
        return normFirst ? addNormFirst(graph, name, input) : addNormLast(graph, name, input);
    }

    private String addNormLast(GraphBuilder graph, String name, String input) {
        String sum = addSum(graph, name + ".sum1", input, addAttention(graph, name, input));
        String normal = addNorm(graph, name + ".norm1", sum);
        String second = addSum(graph, name + ".sum2", normal, addFeedForward(graph, name, normal));
        return addNorm(graph, name + ".norm2", second);
    }

    private String addNormFirst(GraphBuilder graph, String name, String input) {
        String normal = addNorm(graph, name + ".norm1", input);
        String sum = addSum(graph, name + ".sum1", input, addAttention(graph, name, normal));
        String second = addNorm(graph, name + ".norm2", sum);
        return addSum(graph, name + ".sum2", sum, addFeedForward(graph, name, second));
    }

    private String addAttention(GraphBuilder graph, String name, String input) {
        String vertex = name + ".self_attn";
        graph.addLayer(
                vertex,
                new MultiHeadAttention.Builder(heads)
                        .nIn(channels)
                        .causal(causal)
                        .build(),
                input);
        return vertex;
    }

    private String addFeedForward(GraphBuilder graph, String name, String input) {
        SequenceLinear.Builder wide = new SequenceLinear.Builder().nIn(channels).nOut(feedForward);
        SequenceLinear.Builder narrow =
                new SequenceLinear.Builder().nIn(feedForward).nOut(channels);
        graph.addLayer(name + ".linear1", wide.activation(activation).build(), input);
        graph.addLayer(name + ".linear2", narrow.build(), name + ".linear1");
        return name + ".linear2";
    }

    private String addNorm(GraphBuilder graph, String vertex, String input) {
        graph.addLayer(vertex, new LayerNorm.Builder().nIn(channels).eps(eps).build(), input);
        return vertex;
    }

    private static String addSum(GraphBuilder graph, String vertex, String left, String right) {
        graph.addVertex(vertex, new ElementWiseVertex(ElementWiseVertex.Op.Add), left, right);
        return vertex;
    }

    /**
     * Builds a {@link TransformerEncoderLayer}.
     *
     * @since 0.1.0
     */
    public static final class Builder {
        private final long channels;
        private final int heads;
        private final long feedForward;
        private IActivation activation = new ActivationReLU();
        private boolean normFirst;
        private double eps = 1e-5;
        private boolean causal;

        private Builder(long channels, int heads, long feedForward) {
            if (channels <= 0 || heads <= 0 || feedForward <= 0 || channels % heads != 0) {
                throw new IllegalArgumentException(
                        "channels, heads and feedForward must be positive, and heads must divide channels; got "
                                + channels + ", " + heads + ", " + feedForward);
            }
            this.channels = channels;
            this.heads = heads;
            this.feedForward = feedForward;
        }

        /**
         * The activation between the two linear maps.
         *
         * @param activation a ReLU by default
         * @return this builder
         */
        public Builder activation(IActivation activation) {
            this.activation = activation;
            return this;
        }

        /**
         * Whether the norms stand before attention and feed-forward.
         *
         * @param normFirst torch's {@code norm_first}, false by default
         * @return this builder
         */
        public Builder normFirst(boolean normFirst) {
            this.normFirst = normFirst;
            return this;
        }

        /**
         * What the norms add to the variance.
         *
         * @param eps torch's {@code layer_norm_eps}, 1e-5 by default
         * @return this builder
         */
        public Builder eps(double eps) {
            this.eps = eps;
            return this;
        }

        /**
         * Whether a step sees only itself and earlier steps.
         *
         * @param causal false by default
         * @return this builder
         */
        public Builder causal(boolean causal) {
            this.causal = causal;
            return this;
        }

        /**
         * Builds the layer.
         *
         * @return the layer, to be added to a graph
         */
        public TransformerEncoderLayer build() {
            return new TransformerEncoderLayer(this);
        }
    }
}
