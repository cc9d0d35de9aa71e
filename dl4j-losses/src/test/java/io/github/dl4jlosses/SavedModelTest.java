/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.TargetForm;
import io.github.dl4jlosses.updater.TorchAdam;
import io.github.dl4jlosses.updater.TorchAdamW;
import io.github.dl4jlosses.updater.TorchSGD;
import io.github.dl4jlosses.updater.TorchUpdater;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Models that a version of this library saved are read by every later one. Each version has its folder among the test
 * resources; {@code -Dmodels.write=true} writes that of this version, which may be written again as long as it is a snapshot. The first graph, of six losses, stays beside it.
 */
class SavedModelTest {
    private static final Path MODELS = Path.of("src/test/resources/models");
    private static final String SNAPSHOT = "-SNAPSHOT";
    private static final int STEPS = 3;
    private static final int ROWS = 5;
    private static final int FEATURES = 4;
    private static final int OUTPUTS = 3;
    /** What the losses of the graph are. */
    private static final String IN_WORDS = "losses.txt";

    private static final double ROUNDING = 1e-12;

    /** Every loss with all its options in use, each an output that has its name, under its usual head. */
    private static ComputationGraphConfiguration ofEveryLoss() {
        ComputationGraphConfiguration.GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(TorchSGD.builder().lr(.1).momentum(.9).build())
                .graphBuilder()
                .addInputs("in");
        for (LossSpec<?, ?> spec : LossSpecs.all()) {
            graph.addLayer(
                    spec.lossName(),
                    new OutputLayer.Builder(inUse(spec))
                            .activation(spec.heads().get(0).inDl4j())
                            .nIn(FEATURES)
                            .nOut(OUTPUTS)
                            .build(),
                    "in");
        }
        return graph.setOutputs(LossSpecs.all().stream().map(LossSpec::lossName).toArray(String[]::new))
                .build();
    }

    private static <B extends LossBuilder<B>> TorchLoss inUse(LossSpec<?, B> spec) {
        return spec.example(spec.forms().contains(TargetForm.ONE_HOT) ? TargetForm.ONE_HOT : TargetForm.DENSE, OUTPUTS)
                .reduction(Reduction.BATCHMEAN)
                .positionsPerExample(2)
                .emptyMean(EmptyMean.ZERO)
                .factor(.3)
                .build();
    }

    private static ComputationGraph trained(ComputationGraphConfiguration configuration) {
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        start(graph.params());
        INDArray[] labels = configuration.getNetworkOutputs().stream()
                .map(SavedModelTest::labels)
                .toArray(INDArray[]::new);
        for (int step = 0; step < STEPS; step++) {
            graph.fit(new MultiDataSet(new INDArray[] {features()}, labels));
        }
        return graph;
    }

    /** The losses of a graph in words. */
    private static List<String> losses(ComputationGraph graph) {
        return graph.getConfiguration().getNetworkOutputs().stream()
                .map(output -> (OutputLayer) graph.getLayer(output).conf().getLayer())
                .map(layer -> layer.getLossFn().toString())
                .collect(Collectors.toList());
    }

    private static TorchLoss classes() {
        return CrossEntropyLoss.builder()
                .weight(1, 2.5, .5)
                .ignoreIndex(-7)
                .labelSmoothing(.1)
                .targetFormat(TargetFormat.ONE_HOT)
                .reduction(Reduction.SUM)
                .positionsPerExample(2)
                .emptyMean(EmptyMean.ZERO)
                .build();
    }

    private static MultiLayerNetwork network(TorchUpdater updater) {
        MultiLayerNetwork network = new MultiLayerNetwork(
                updater.configure(new NeuralNetConfiguration.Builder().seed(1).dataType(DataType.DOUBLE))
                        .list(
                                new DenseLayer.Builder()
                                        .activation(Activation.TANH)
                                        .nIn(FEATURES)
                                        .nOut(OUTPUTS)
                                        .build(),
                                new OutputLayer.Builder(classes())
                                        .nIn(OUTPUTS)
                                        .nOut(OUTPUTS)
                                        .build())
                        .build());
        network.init();
        start(network.params());
        for (int step = 0; step < STEPS; step++) {
            network.fit(new DataSet(features(), labels()));
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

    /** The divergence of the first graph takes logarithms. */
    private static INDArray labels(String output) {
        return output.equals("divergence") ? labels().sub(1.5) : labels();
    }

    /** One-hot rows. */
    private static INDArray labels() {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, ROWS, OUTPUTS);
        for (int row = 0; row < ROWS; row++) {
            labels.putScalar(row, row % OUTPUTS, 1);
        }
        return labels;
    }

    @BeforeAll
    static void writeIfAsked() throws IOException {
        if (Boolean.getBoolean("models.write")) {
            write();
        }
    }

    static Stream<Path> versions() throws IOException {
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
        ComputationGraph graph = trained(ofEveryLoss());
        graph.save(file(folder, "graph"));
        Files.write(folder.resolve(IN_WORDS), losses(graph));
        for (Map.Entry<String, TorchUpdater> updater : updaters().entrySet()) {
            network(updater.getValue()).save(file(folder, updater.getKey()));
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

    @Test
    void everyLossIsAmongThoseOfThisVersion() throws IOException {
        ComputationGraph read = ComputationGraph.load(file(MODELS.resolve(version()), "graph"), true);

        assertThat(read.getConfiguration().getNetworkOutputs())
                .as("losses of the saved graph: -Dtest=SavedModelTest -Dmodels.write=true writes it anew")
                .containsExactlyElementsOf(
                        LossSpecs.all().stream().map(LossSpec::lossName).collect(Collectors.toList()));
    }

    /** Those of each version, and the first of all. */
    static Stream<Arguments> graphs() throws IOException {
        return Stream.concat(
                versions().map(folder -> Arguments.of(folder, "graph", IN_WORDS)),
                Stream.of(Arguments.of(MODELS.resolve("0.1.0"), "six-losses", "six-losses.txt")));
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void aGraphKeepsItsLossesAndWhatItLearned(Path folder, String model, String inWords) throws IOException {
        ComputationGraph read = ComputationGraph.load(file(folder, model), true);
        ComputationGraphConfiguration configuration = read.getConfiguration().clone();
        configuration.setIterationCount(0);
        ComputationGraph expected = trained(configuration);

        assertThat(losses(read)).isEqualTo(Files.readAllLines(folder.resolve(inWords)));
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
                each.fit(new DataSet(features(), labels()));
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
