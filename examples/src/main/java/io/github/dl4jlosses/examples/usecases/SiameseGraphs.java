/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.usecases;

import io.github.dl4jlosses.HingeEmbeddingLoss;
import io.github.dl4jlosses.MultiMarginLoss;
import io.github.dl4jlosses.TorchLoss;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;

/** Graphs that look at several digits with the same layers, and losses of torch that take several inputs, by vertices. */
final class SiameseGraphs {
    /** Of the layers that all inputs share. */
    static final String[] PARAMETERS = {"hidden_W", "hidden_b", "embedding_W", "embedding_b"};

    private static final int PIXELS = 64;
    private static final int HIDDEN = 32;
    private static final int EMBEDDING = 8;

    private final IUpdater updater;

    SiameseGraphs(IUpdater updater) {
        this.updater = updater;
    }

    /** HingeEmbeddingLoss of the distance of two embeddings, which is known as the contrastive loss. */
    ComputationGraph contrastive(double margin) {
        GraphBuilder graph = embedded("a", "b").addVertex("distance", new L2Vertex(), "a of 8", "b of 8");
        return with(HingeEmbeddingLoss.builder().margin(margin).build(), "distance", graph);
    }

    /** CosineEmbeddingLoss: 1 - cos is half the squared distance of two vectors of length 1. */
    ComputationGraph cosine(double margin) {
        GraphBuilder graph = embedded("a", "b")
                .addVertex("a of length 1", new L2NormalizeVertex(), "a of 8")
                .addVertex("b of length 1", new L2NormalizeVertex(), "b of 8")
                .addVertex("chord", new L2Vertex(), "a of length 1", "b of length 1")
                .addVertex("squared", new ElementWiseVertex(ElementWiseVertex.Op.Product), "chord", "chord")
                .addVertex("1 - cos", new ScaleVertex(0.5), "squared");
        return with(HingeEmbeddingLoss.builder().margin(1 - margin).build(), "1 - cos", graph);
    }

    /**
     * MarginRankingLoss of two distances, which is TripletMarginLoss but for an eps: the other one, {@code d}, is to be
     * farther away. Torch does not divide by the two classes.
     */
    ComputationGraph triplet(double margin) {
        GraphBuilder graph = embedded("a", "b", "d")
                .addVertex("distance", new L2Vertex(), "a of 8", "b of 8")
                .addVertex("distance of the other", new L2Vertex(), "a of 8", "d of 8")
                .addVertex("both", new MergeVertex(), "distance of the other", "distance");
        return with(MultiMarginLoss.builder().margin(margin).factor(2).build(), "both", graph);
    }

    /** The inputs below each other, so that the same layers see them all, and apart again. */
    private GraphBuilder embedded(String... inputs) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(updater)
                .graphBuilder()
                .addInputs(inputs)
                .addVertex("all", new StackVertex(), inputs)
                .addLayer("hidden", dense(Activation.RELU, PIXELS, HIDDEN), "all")
                .addLayer("embedding", dense(Activation.IDENTITY, HIDDEN, EMBEDDING), "hidden");
        for (int i = 0; i < inputs.length; i++) {
            graph.addVertex(inputs[i] + " of 8", new UnstackVertex(i, inputs.length), "embedding");
        }
        return graph;
    }

    private static DenseLayer dense(Activation activation, int inputs, int outputs) {
        return new DenseLayer.Builder()
                .activation(activation)
                .nIn(inputs)
                .nOut(outputs)
                .build();
    }

    private static ComputationGraph with(TorchLoss loss, String input, GraphBuilder graph) {
        LossLayer layer =
                new LossLayer.Builder(loss).activation(Activation.IDENTITY).build();
        ComputationGraph built = new ComputationGraph(
                graph.addLayer("loss", layer, input).setOutputs("loss").build());
        built.init();
        return built;
    }
}
