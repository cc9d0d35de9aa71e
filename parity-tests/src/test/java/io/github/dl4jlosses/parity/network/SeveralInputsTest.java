/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.HingeEmbeddingLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
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
     * @param within of torch's loss and of its gradients
     */
    private record Embedded(
            String torch,
            int inputs,
            UnaryOperator<GraphBuilder> vertices,
            String last,
            TorchLoss loss,
            double within) {
        @Override
        public String toString() {
            return torch;
        }
    }

    static Stream<Embedded> losses() {
        return Stream.of(-.5, 0., .3, .9).flatMap(margin -> Stream.of(cosine(margin), contrastive(6 + 4 * margin)));
    }

    private static Embedded cosine(double margin) {
        return new Embedded(
                "torch.cosine_embedding_loss(a, b, torch.flatten(t), " + margin + ", 1)",
                2,
                graph -> graph.addVertex("unit a", new L2NormalizeVertex(), "a")
                        .addVertex("unit b", new L2NormalizeVertex(), "b")
                        .addVertex("chord", new L2Vertex(), "unit a", "unit b")
                        .addVertex("squared", new ElementWiseVertex(ElementWiseVertex.Op.Product), "chord", "chord")
                        .addVertex("1 - cos", new ScaleVertex(.5), "squared"),
                "1 - cos",
                HingeEmbeddingLoss.builder().margin(1 - margin).build(),
                1e-12);
    }

    private static Embedded contrastive(double margin) {
        return new Embedded(
                "torch.hinge_embedding_loss(torch.norm(a - b, 2, 1), torch.flatten(t), " + margin + ", 1)",
                2,
                graph -> graph.addVertex("distance", new L2Vertex(), "a", "b"),
                "distance",
                HingeEmbeddingLoss.builder().margin(margin).build(),
                1e-12);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("losses")
    void scoreAndStepOfAGraphOfVerticesAreTorchs(Embedded embedded) {
        // GIVEN
        TorchTensor[] inputs = Stream.generate(() -> TwoLayers.numbers(SEEDS, MAGNITUDE, EXAMPLES, FEATURES))
                .limit(embedded.inputs())
                .toArray(TorchTensor[]::new);
        TorchTensor labels = labels(embedded.loss());
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

    /** Signs for a distance, the first class for two of them. */
    private static TorchTensor labels(TorchLoss loss) {
        double[] numbers = SEEDS.ints(EXAMPLES, 0, 2)
                .mapToDouble(bit -> loss.hasLossPerRow() ? 0 : 2 * bit - 1)
                .toArray();
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
