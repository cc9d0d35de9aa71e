/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.updater.TorchAdam;
import io.github.dl4jlosses.updater.TorchAdamW;
import io.github.dl4jlosses.updater.TorchSGD;
import io.github.dl4jlosses.updater.TorchUpdater;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Models that a version of this library saved are read by every later one. Each version has its folder among the test
 * resources; {@code -Dmodels.write=true} writes that of this version, which may be written again as long as it is a snapshot.
 */
class SavedModelTest {
    private static final Path MODELS = Path.of("src/test/resources/models");
    private static final String SNAPSHOT = "-SNAPSHOT";
    private static final int STEPS = 3;
    private static final int ROWS = 5;
    private static final int FEATURES = 4;
    private static final double ROUNDING = 1e-12;

    /** A loss of each kind with every option set, under the names of the graph's outputs. */
    private static Map<String, TorchLoss> losses() {
        Map<String, TorchLoss> losses = new LinkedHashMap<>();
        losses.put(
                "classes",
                CrossEntropyLoss.builder()
                        .weight(1, 2.5, .5)
                        .ignoreIndex(-7)
                        .labelSmoothing(.1)
                        .targetFormat(TargetFormat.ONE_HOT)
                        .reduction(Reduction.SUM)
                        .positionsPerExample(2)
                        .emptyMean(EmptyMean.ZERO)
                        .build());
        losses.put(
                "likelihood",
                NLLLoss.builder()
                        .weight(.5, 1, 2)
                        .ignoreIndex(2)
                        .emptyMean(EmptyMean.ZERO)
                        .build());
        losses.put("probabilities", BCELoss.builder().weight(.5, 1, 2).build());
        losses.put(
                "logits",
                BCEWithLogitsLoss.builder().weight(1.5).posWeight(3, 2, 1).build());
        losses.put(
                "divergence",
                KLDivLoss.builder()
                        .logTarget(true)
                        .reduction(Reduction.BATCHMEAN)
                        .build());
        losses.put("distance", HuberLoss.builder().delta(.25).build());
        return losses;
    }

    private static IActivation activation(String output) {
        switch (output) {
            case "classes":
                return Activation.SOFTMAX.getActivationFunction();
            case "likelihood":
            case "divergence":
                return new ActivationLogSoftmax();
            case "probabilities":
            case "logits":
                return Activation.SIGMOID.getActivationFunction();
            default:
                return Activation.IDENTITY.getActivationFunction();
        }
    }

    private static ComputationGraph graph() {
        ComputationGraphConfiguration.GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(TorchSGD.builder().lr(.1).momentum(.9).build())
                .graphBuilder()
                .addInputs("in");
        Map<String, TorchLoss> losses = losses();
        losses.forEach((name, loss) -> builder.addLayer(
                name,
                new OutputLayer.Builder(loss)
                        .activation(activation(name))
                        .nIn(FEATURES)
                        .nOut(3)
                        .build(),
                "in"));
        ComputationGraph graph = new ComputationGraph(
                builder.setOutputs(losses.keySet().toArray(String[]::new)).build());
        graph.init();
        INDArray[] labels = losses.keySet().stream().map(SavedModelTest::labels).toArray(INDArray[]::new);
        start(graph.params());
        for (int step = 0; step < STEPS; step++) {
            graph.fit(new MultiDataSet(new INDArray[] {features()}, labels));
        }
        return graph;
    }

    private static MultiLayerNetwork network(TorchUpdater updater) {
        MultiLayerNetwork network = new MultiLayerNetwork(
                updater.configure(new NeuralNetConfiguration.Builder().seed(1).dataType(DataType.DOUBLE))
                        .list(
                                new DenseLayer.Builder()
                                        .activation(Activation.TANH)
                                        .nIn(FEATURES)
                                        .nOut(3)
                                        .build(),
                                new OutputLayer.Builder(losses().get("classes"))
                                        .nIn(3)
                                        .nOut(3)
                                        .build())
                        .build());
        network.init();
        start(network.params());
        for (int step = 0; step < STEPS; step++) {
            network.fit(new DataSet(features(), labels("classes")));
        }
        return network;
    }

    private static Map<String, TorchUpdater> updaters() {
        return Map.of(
                "adam", TorchAdam.builder().lr(.02).build(),
                "adamw", TorchAdamW.builder().lr(.02).build(),
                "sgd", TorchSGD.builder().lr(.1).momentum(.5).weightDecay(.01).build());
    }

    /** Without a random generator, whose numbers may change. */
    private static void start(INDArray parameters) {
        for (long i = 0; i < parameters.length(); i++) {
            parameters.putScalar(i, Math.sin(1 + (double) i) / 2);
        }
    }

    private static INDArray features() {
        return Nd4j.createFromArray(IntStream.range(0, ROWS * FEATURES)
                        .mapToDouble(i -> Math.cos(3 * i))
                        .toArray())
                .reshape(ROWS, FEATURES);
    }

    private static INDArray labels(String output) {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, ROWS, 3);
        for (int row = 0; row < ROWS; row++) {
            labels.putScalar(row, row % 3, 1);
        }
        return output.equals("divergence") ? labels.sub(1.5) : labels;
    }

    static Stream<Path> versions() throws IOException {
        if (Boolean.getBoolean("models.write")) {
            write();
        }
        try (Stream<Path> versions = Files.list(MODELS)) {
            return versions.sorted().collect(Collectors.toList()).stream();
        }
    }

    private static void write() throws IOException {
        Path folder = MODELS.resolve(version());
        if (Files.exists(folder) && !isSnapshot()) {
            throw new IllegalStateException("The models of " + version() + " are those that were released: " + folder);
        }
        Files.createDirectories(folder);
        graph().save(folder.resolve("graph.zip").toFile());
        for (Map.Entry<String, TorchUpdater> updater : updaters().entrySet()) {
            network(updater.getValue())
                    .save(folder.resolve(updater.getKey() + ".zip").toFile());
        }
    }

    private static String version() throws IOException {
        return versionInPom().replace(SNAPSHOT, "");
    }

    private static boolean isSnapshot() throws IOException {
        return versionInPom().endsWith(SNAPSHOT);
    }

    private static String versionInPom() throws IOException {
        return Files.readString(Path.of("pom.xml")).replaceAll("(?s).*?<version>([^<]+).*", "$1");
    }

    @Test
    void thisVersionHasItsModels() throws IOException {
        assertThat(versions().map(Path::getFileName).map(Path::toString)).contains(version());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aGraphKeepsItsLossesAndWhatItLearned(Path folder) throws IOException {
        ComputationGraph expected = graph();
        ComputationGraph read = ComputationGraph.load(file(folder, "graph"), true);

        for (Map.Entry<String, TorchLoss> loss : losses().entrySet()) {
            OutputLayer layer =
                    (OutputLayer) read.getLayer(loss.getKey()).conf().getLayer();
            assertThat(layer.getLossFn()).isEqualTo(loss.getValue());
        }
        assertClose(read.params(), expected.params());
        assertClose(read.getUpdater().getStateViewArray(), expected.getUpdater().getStateViewArray());
        assertThat(read.getIterationCount()).isEqualTo(STEPS);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void networksGoOnAsTheyWould(Path folder) throws IOException {
        for (Map.Entry<String, TorchUpdater> updater : updaters().entrySet()) {
            MultiLayerNetwork expected = network(updater.getValue());
            MultiLayerNetwork read = MultiLayerNetwork.load(file(folder, updater.getKey()), true);

            for (MultiLayerNetwork each : List.of(expected, read)) {
                each.fit(new DataSet(features(), labels("classes")));
            }

            assertClose(read.params(), expected.params());
            assertThat(read.score()).isCloseTo(expected.score(), within(ROUNDING));
        }
    }

    private static File file(Path folder, String model) {
        return folder.resolve(model + ".zip").toFile();
    }

    private static void assertClose(INDArray actual, INDArray expected) {
        assertThat(actual.distance2(expected)).isLessThan(ROUNDING);
    }
}
