/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.HingeEmbeddingLoss;
import io.github.dl4jlosses.MultiMarginLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** Losses of torch that take several inputs, as vertices in front of a loss of this library: score and step are torch's. */
class SeveralInputsTest {
    private static final Random SEEDS = PrintedSeed.randomFor(SeveralInputsTest.class);
    /** Of features. Torch adds 1e-12 to the squared lengths of vectors, which is less than rounding where they are large. */
    private static final double MAGNITUDE = 4;

    private static final int EXAMPLES = 12;
    private static final int FEATURES = 4;
    private static final int EMBEDDING = 3;
    private static final String[] NAMES = {"a", "b", "d"};

    /**
     * @param inputs of the graph
     * @param vertices between the inputs, which are called {@code a}, {@code b} and {@code d}, and the loss layer above
     *     {@code last}
     * @param torch of the same, and labels {@code t}
     * @param label of a bit
     * @param within of torch's loss and of its gradients
     */
    private record Embedded(
            String torch,
            int inputs,
            UnaryOperator<GraphBuilder> vertices,
            String last,
            TorchLoss loss,
            IntToDoubleFunction label,
            double within) {
        @Override
        public String toString() {
            return torch;
        }
    }

    static Stream<Embedded> losses() {
        return Stream.of(-.5, 0., .3, .9)
                .flatMap(margin -> Stream.of(
                        cosine(margin),
                        contrastive(6 + 4 * margin),
                        ranking(margin),
                        triplet(1 + margin, 0, 1e-12),
                        triplet(1 + margin, 1e-6, 1e-6),
                        tripletOfCosines(margin)));
    }

    private static Embedded cosine(double margin) {
        return new Embedded(
                "torch.cosine_embedding_loss(a, b, torch.flatten(t), " + margin + ", 1)",
                2,
                graph -> chord("b", unit("a", unit("b", graph))),
                "1 - cos b",
                HingeEmbeddingLoss.builder().margin(1 - margin).build(),
                bit -> 2 * bit - 1,
                1e-12);
    }

    private static Embedded contrastive(double margin) {
        return new Embedded(
                "torch.hinge_embedding_loss(torch.norm(a - b, 2, 1), torch.flatten(t), " + margin + ", 1)",
                2,
                graph -> graph.addVertex("distance", new L2Vertex(), "a", "b"),
                "distance",
                HingeEmbeddingLoss.builder().margin(margin).build(),
                bit -> 2 * bit - 1,
                1e-12);
    }

    /** Torch wants the first of two numbers to be larger where its label is 1, the second where it is -1. */
    private static Embedded ranking(double margin) {
        return ofTwoDistances(
                "torch.margin_ranking_loss(torch.norm(a - d, 2, 1), torch.norm(a - b, 2, 1), torch.flatten(1 - 2 * t), "
                        + margin + ", 1)",
                margin,
                bit -> bit,
                1e-12);
    }

    /** Torch adds eps to each difference of coordinates; by default it is 1e-6. */
    private static Embedded triplet(double margin, double eps, double within) {
        return ofTwoDistances(
                "torch.triplet_margin_loss(a, b, d, " + margin + ", 2.0, " + eps + ", False, 1)",
                margin,
                bit -> 0,
                within);
    }

    private static Embedded ofTwoDistances(String torch, double margin, IntToDoubleFunction label, double within) {
        return new Embedded(
                torch,
                3,
                graph -> graph.addVertex("distance", new L2Vertex(), "a", "b")
                        .addVertex("distance of the other", new L2Vertex(), "a", "d")
                        .addVertex("both", new MergeVertex(), "distance of the other", "distance"),
                "both",
                margin(margin),
                label,
                within);
    }

    /** Torch's TripletMarginWithDistanceLoss, here with one minus the cosine. */
    private static Embedded tripletOfCosines(double margin) {
        return new Embedded(
                "torch.mean(torch.clamp_min(torch.cosine_similarity(a, d, 1, 0.0) - torch.cosine_similarity(a, b, 1, 0.0) + "
                        + margin + ", 0))",
                3,
                graph -> chord("b", chord("d", unit("a", unit("b", unit("d", graph)))))
                        .addVertex("both", new MergeVertex(), "1 - cos d", "1 - cos b"),
                "both",
                margin(margin),
                bit -> 0,
                1e-12);
    }

    /** Half of torch's for two classes, of which it divides the sum by two. */
    private static TorchLoss margin(double margin) {
        return MultiMarginLoss.builder().margin(margin).factor(2).build();
    }

    private static GraphBuilder unit(String embedding, GraphBuilder graph) {
        return graph.addVertex("unit " + embedding, new L2NormalizeVertex(), embedding);
    }

    /** One minus the cosine to {@code a}. */
    private static GraphBuilder chord(String embedding, GraphBuilder graph) {
        String chord = "chord " + embedding;
        return graph.addVertex(chord, new L2Vertex(), "unit a", "unit " + embedding)
                .addVertex("squared " + embedding, new ElementWiseVertex(ElementWiseVertex.Op.Product), chord, chord)
                .addVertex("1 - cos " + embedding, new ScaleVertex(.5), "squared " + embedding);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("losses")
    void scoreAndStepOfAGraphOfVerticesAreTorchs(Embedded embedded) {
        // GIVEN
        TorchTensor[] inputs = Stream.generate(() -> TwoLayers.numbers(SEEDS, MAGNITUDE, EXAMPLES, FEATURES))
                .limit(embedded.inputs())
                .toArray(TorchTensor[]::new);
        TorchTensor labels = labels(embedded.label());
        ComputationGraph graph = graph(embedded);
        StartingPoint before = StartingPoint.of(graph, Step.PARAMETERS);

        // WHEN
        graph.fit(new MultiDataSet(
                Stream.of(inputs).map(TorchTensor::toArray).toArray(INDArray[]::new),
                new INDArray[] {labels.toArray()}));

        // THEN
        TorchResult torch = torch(embedded, before, labels, inputs);
        assertThat(graph.score()).isCloseTo(torch.value().item(), within(embedded.within()));
        assertThat(gradient(torch, Step.WEIGHTS).toDoubles()).isNotEqualTo(new double[FEATURES * EMBEDDING]);
        before.assertStep(graph, 1, name -> gradient(torch, name), embedded.within());
    }

    private static TorchTensor gradient(TorchResult torch, String parameter) {
        return torch.gradient(parameter.equals(Step.WEIGHTS) ? "weights" : "bias");
    }

    private static TorchTensor labels(IntToDoubleFunction label) {
        double[] numbers = SEEDS.ints(EXAMPLES, 0, 2).mapToDouble(label).toArray();
        return TorchTensor.of(TorchType.FLOAT64, numbers, EXAMPLES, 1);
    }

    private static ComputationGraph graph(Embedded embedded) {
        String[] features = Stream.of(NAMES)
                .limit(embedded.inputs())
                .map("features "::concat)
                .toArray(String[]::new);
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(SEEDS.nextInt())
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(1))
                .graphBuilder()
                .addInputs(features)
                .addVertex("all", new StackVertex(), features)
                .addLayer(
                        "0",
                        new DenseLayer.Builder()
                                .activation(Activation.IDENTITY)
                                .nIn(FEATURES)
                                .nOut(EMBEDDING)
                                .build(),
                        "all");
        for (int i = 0; i < embedded.inputs(); i++) {
            graph.addVertex(NAMES[i], new UnstackVertex(i, embedded.inputs()), "0");
        }
        LossLayer loss = new LossLayer.Builder(embedded.loss())
                .activation(Activation.IDENTITY)
                .build();
        return NetworkKind.network(embedded.vertices()
                .apply(graph)
                .addLayer("loss", loss, embedded.last())
                .setOutputs("loss")
                .build());
    }

    private static TorchResult torch(
            Embedded embedded, StartingPoint before, TorchTensor labels, TorchTensor... inputs) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < inputs.length; i++) {
            text.append("%1$s = %1$s @ weights + bias%n".formatted(NAMES[i]));
        }
        String[] names = Stream.of(Stream.of(NAMES).limit(inputs.length), Stream.of("t", "weights", "bias"))
                .flatMap(each -> each)
                .toArray(String[]::new);
        TorchTensor[] arguments =
                Stream.concat(Stream.of(inputs), Stream.of(labels)).toArray(TorchTensor[]::new);
        return TorchFunction.of(text + embedded.torch(), names)
                .withRespectTo("weights", "bias")
                .call(before.after(arguments));
    }
}
