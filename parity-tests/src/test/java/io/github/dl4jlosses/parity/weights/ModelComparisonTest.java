/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.parity.ModelComparison;
import io.github.dl4jlosses.parity.TorchException;
import io.github.dl4jlosses.porting.TorchPairing;
import io.github.dl4jlosses.porting.TorchWeights;
import io.github.dl4jlosses.porting.TracedFile;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.memory.FilledArray;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Networks are compared with what torch computes from the same archive, and the place where they part is named. */
class ModelComparisonTest {

    private static Stream<ComparedCase> cases() {
        // their archives hold calls of training, see below
        Set<String> inTraining = Set.of("bn_traced_in_training", "dropout_traced_in_training");
        return ComparedCase.all().filter(each -> !inTraining.contains(each.name()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyVertexOfAConvertedModelIsTorchs(ComparedCase model) {
        ModelComparison comparison = model.compared(model.graph(DataType.DOUBLE));

        System.out.println(model + ": " + comparison);
        assertThat(comparison.isEqual()).as(comparison.toString()).isTrue();
        assertThat(comparison.outputs()).hasSize(model.outputs());
        assertThat(comparison.toString())
                .contains(" agree with torch 2.7.1; the largest difference is ")
                .doesNotContain("Vertices were not compared");
    }

    @ParameterizedTest
    @EnumSource(TracedFile.class)
    void inFloat32TheyAgreeAsFarAsFloat32Does(TracedFile file) {
        ComparedCase model = ComparedCase.of(file);

        ModelComparison comparison = model.compared(model.graph(DataType.FLOAT));

        System.out.println(model + ": " + comparison);
        assertThat(comparison.isEqual()).as(comparison.toString()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = TracedFile.class,
            names = {"RESNET_SMALL", "UNET_SMALL", "LENET", "AUTOENCODER"})
    void theFirstVertexWithAnotherWeightIsNamed(TracedFile file) {
        ComparedCase model = ComparedCase.of(file);
        ComputationGraph graph = model.graph(DataType.DOUBLE);
        Set<String> named = new TreeSet<>();
        Set<String> changed = new TreeSet<>();
        for (GraphVertex vertex : graph.getVertices()) {
            if (vertex.numParams() > 0) {
                INDArray parameters = vertex.getLayer().params();
                INDArray before = parameters.dup();
                parameters.addi(1e-3);
                ModelComparison comparison = model.compared(graph);
                named.add(comparison.firstDifferent().orElseThrow().vertex());
                changed.add(vertex.getVertexName());
                assertThat(comparison.toString())
                        .contains("'" + vertex.getVertexName() + "'")
                        .contains("Output 0");
                parameters.assign(before);
            }
        }
        assertThat(named).isEqualTo(changed).hasSizeGreaterThan(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text_encoder", "picture_encoder", "vit"})
    void theFirstVertexOfATransformerWithAnotherWeightIsNamed(String name) {
        ComparedCase model =
                cases().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
        ComputationGraph graph = model.graph(DataType.DOUBLE);
        Random random = PrintedSeed.randomFor(ModelComparisonTest.class);
        Set<String> named = new TreeSet<>();
        Set<String> changed = new TreeSet<>();
        for (GraphVertex vertex : graph.getVertices()) {
            if (vertex.numParams() > 0) {
                INDArray parameters = vertex.getLayer().params();
                INDArray before = parameters.dup();
                // no constant, to which a LayerNorm above is blind
                parameters.addi(FilledArray.of(random::nextDouble, DataType.DOUBLE, parameters.shape()));
                String vertexOrSequence =
                        model.compared(graph).firstDifferent().orElseThrow().vertex();
                named.add(vertexOrSequence.replace(".sequence", ""));
                changed.add(vertex.getVertexName());
                parameters.assign(before);
            }
        }
        assertThat(named).isEqualTo(changed).hasSizeGreaterThan(12);
    }

    @Test
    void theModuleOfTheVertexAndItsOperatorAreNamed() {
        ComparedCase model = ComparedCase.of(TracedFile.RESNET_SMALL);
        ComputationGraph graph = model.graph(DataType.DOUBLE);
        graph.getVertex("layer1.1.bn2").getLayer().getParam("gamma").addi(.5);

        assertThat(model.compared(graph).toString())
                .startsWith("Vertex 'layer1.1.bn2' (torch.batch_norm in module layer1.1.bn2) is off by ")
                .contains("It is the first that differs from torch 2.7.1; the ");
    }

    @Test
    void aModelTracedInTrainingIsRefused() {
        ComparedCase model = ComparedCase.module("bn_traced_in_training", "image 6 5 2");

        assertThatThrownBy(() -> model.compared(model.graph(DataType.DOUBLE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was traced in training");
    }

    @Test
    void aGraphOfAnotherArchiveIsRefused() {
        ComparedCase resnet = ComparedCase.of(TracedFile.RESNET_SMALL);
        ComparedCase multilabel = ComparedCase.of(TracedFile.MULTILABEL_CNN);

        assertThatThrownBy(() -> ModelComparison.of(
                        resnet.archive(),
                        multilabel.graph(DataType.DOUBLE),
                        resnet.types(),
                        multilabel.examples(DataType.DOUBLE)))
                .isInstanceOfAny(IllegalArgumentException.class, TorchException.class);
    }

    private static MultiLayerNetwork perceptron(Activation second) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(64).nOut(32).build())
                .layer(new OutputLayer.Builder(new MSELoss())
                        .nIn(32)
                        .nOut(10)
                        .activation(second)
                        .build())
                .build());
        network.init();
        return network;
    }

    @Test
    void aNetworkWrittenByHandIsComparedWithTheModelOfItsWeights() {
        Path archive = resource("/data/pytorch/digits_mlp_ce.pt");
        INDArray example = new ComparedCase("digits", archive, List.of("ff 64"), 1).examples(DataType.DOUBLE)[0];
        for (Activation last : new Activation[] {Activation.IDENTITY, Activation.SOFTMAX}) {
            MultiLayerNetwork network = perceptron(last);
            TorchPairing pairing = TorchWeights.load(archive).copyInto(network);

            ModelComparison comparison = ModelComparison.of(archive, network, pairing, example, example);

            System.out.println(comparison);
            assertThat(comparison.vertices()).hasSize(2);
            assertThat(comparison.isEqual()).isEqualTo(last == Activation.IDENTITY);
        }
    }

    @Test
    void ofAScriptedModelWithControlFlowOutputsAreCompared() {
        Path archive = resource("/data/pytorch/text_lstm_ce.pt");
        INDArray example = new ComparedCase("text", archive, List.of("nct 70 5"), 1).examples(DataType.DOUBLE)[0];
        for (double wrong : new double[] {0, .1}) {
            MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                    .dataType(DataType.DOUBLE)
                    .activation(Activation.TANH)
                    .list()
                    .layer(new LSTM.Builder().nIn(70).nOut(16).build())
                    .layer(new RnnOutputLayer.Builder(new MSELoss())
                            .nIn(16)
                            .nOut(70)
                            .activation(Activation.IDENTITY)
                            .build())
                    .build());
            network.init();
            TorchPairing pairing = TorchWeights.load(archive).copyInto(network);
            network.getLayer(0).getParam("b").addi(wrong);

            ModelComparison comparison =
                    ModelComparison.of(archive, network, pairing, example, example.permute(0, 2, 1));

            System.out.println(comparison);
            assertThat(comparison.isEqual()).as(comparison.toString()).isEqualTo(wrong == 0);
            assertThat(comparison.toString()).contains("Vertices were not compared: ");
        }
    }

    @Test
    void theFirstLayerOfANetworkWrittenByHandThatDiffersIsNamed() {
        ComparedCase model = ComparedCase.of(TracedFile.AUTOENCODER);
        INDArray example = model.examples(DataType.DOUBLE)[0];
        ComputationGraph graph = model.graph(DataType.DOUBLE);
        TorchPairing pairing = TorchWeights.load(model.archive()).copyInto(graph);
        String third =
                pairing.tensorsByLayer().keySet().stream().skip(2).findFirst().orElseThrow();

        ModelComparison equal = ModelComparison.of(model.archive(), graph, pairing, example, example);
        System.out.println(equal);
        assertThat(equal.isEqual()).as(equal.toString()).isTrue();
        assertThat(equal.vertices()).hasSize(pairing.tensorsByLayer().size());

        graph.getVertex(third).getLayer().getParam("b").addi(.1);
        ModelComparison comparison = ModelComparison.of(model.archive(), graph, pairing, example, example);
        assertThat(comparison.firstDifferent().orElseThrow().vertex()).isEqualTo(third);
    }

    private static Path resource(String name) {
        try {
            return Path.of(ModelComparisonTest.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
