/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.porting.ArchiveWriter;
import io.github.dl4jlosses.porting.RefusedFileException;
import io.github.dl4jlosses.porting.TorchExport;
import io.github.dl4jlosses.porting.TorchOptimizerState;
import io.github.dl4jlosses.porting.TorchPairing;
import io.github.dl4jlosses.porting.TorchWeights;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.updater.TorchAdagrad;
import io.github.dl4jlosses.updater.TorchAdam;
import io.github.dl4jlosses.updater.TorchAdamW;
import io.github.dl4jlosses.updater.TorchBatchNormListener;
import io.github.dl4jlosses.updater.TorchCosineAnnealingLR;
import io.github.dl4jlosses.updater.TorchNAdam;
import io.github.dl4jlosses.updater.TorchRMSprop;
import io.github.dl4jlosses.updater.TorchSGD;
import io.github.dl4jlosses.updater.TorchUpdater;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Trainings that torch began and saved in the middle; generate.py beside the files says how. */
class ResumedTrainingTest {
    private static final Path FOLDER = Path.of("src/test/resources/checkpoints");
    private static final String MODEL = "model_state_dict";
    private static final String OPTIMIZER = "optimizer_state_dict";
    private static final int SAVED_AFTER = 12;
    private static final int DAMAGES = 500;

    @TempDir
    private Path folder;

    private static TorchUpdater updater(String kind) {
        return switch (kind) {
            case "adam" -> TorchAdam.builder().lr(.02).build();
            case "adam_amsgrad" ->
                TorchAdam.builder().lr(.02).beta1(.8).beta2(.6).amsgrad(true).build();
            case "adamw" ->
                TorchAdamW.builder()
                        .lrSchedule(TorchCosineAnnealingLR.builder()
                                .lr(.02)
                                .tMax(40)
                                .build())
                        .weightDecay(.1)
                        .build();
            case "sgd" -> TorchSGD.builder().lr(.1).build();
            case "sgd_momentum" -> TorchSGD.builder().lr(.1).momentum(.9).build();
            case "sgd_dampening" ->
                TorchSGD.builder().lr(.1).momentum(.9).dampening(.5).build();
            case "rmsprop" ->
                TorchRMSprop.builder().lr(.005).centered(true).momentum(.5).build();
            case "nadam" -> TorchNAdam.builder().lr(.02).build();
            case "adagrad" -> TorchAdagrad.builder().lr(.05).lrDecay(.01).build();
            default -> throw new AssertionError(kind);
        };
    }

    private static MultiLayerNetwork network(String checkpoint) {
        TorchUpdater updater = updater(checkpoint.substring(checkpoint.indexOf('_') + 1));
        ListBuilder layers = updater.configure(new NeuralNetConfiguration.Builder()
                        .seed(1)
                        .dataType(DataType.DOUBLE)
                        .miniBatch(false))
                .list();
        CrossEntropyLoss loss = CrossEntropyLoss.builder().miniBatch(false).build();
        if (checkpoint.startsWith("tagger")) {
            LSTM.Builder lstm = new LSTM.Builder().nIn(3).nOut(4).activation(Activation.TANH);
            layers.layer(updater.configureTwoBiases(lstm).build())
                    .layer(new RnnOutputLayer.Builder(loss)
                            .activation(Activation.SOFTMAX)
                            .dataFormat(RNNFormat.NCW)
                            .nIn(4)
                            .nOut(2)
                            .build());
        } else {
            layers.layer(new DenseLayer.Builder()
                            .nIn(3)
                            .nOut(5)
                            .activation(Activation.IDENTITY)
                            .build())
                    .layer(new BatchNormalization.Builder().nIn(5).nOut(5).build())
                    .layer(new ActivationLayer(Activation.TANH))
                    .layer(new OutputLayer.Builder(loss)
                            .activation(Activation.SOFTMAX)
                            .nIn(5)
                            .nOut(2)
                            .build());
        }
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }

    private static DataSet batch(String checkpoint, int step) {
        boolean sequences = checkpoint.startsWith("tagger");
        long[] shape = sequences ? new long[] {6, 3, 7} : new long[] {6, 3};
        INDArray x = Nd4j.zeros(DataType.DOUBLE, shape);
        for (int i = 0; i < x.length(); i++) {
            x.putScalar(i, Math.sin(1.7 * i + step));
        }
        INDArray t = Nd4j.zeros(DataType.DOUBLE, sequences ? new long[] {6, 1, 7} : new long[] {6, 1});
        for (int i = 0; i < t.length(); i++) {
            t.putScalar(i, (sequences ? i / 7 + i % 7 + step : i + step) % 2);
        }
        return new DataSet(x, t);
    }

    private static List<String[]> rows() {
        return lines().stream().skip(1).map(line -> line.split(",")).toList();
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(FOLDER.resolve("traces.csv"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<String> checkpoints() {
        return rows().stream().map(row -> row[0]).distinct();
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void theLossesAreThoseThatTorchWentOnWith(String checkpoint) {
        follow(checkpoint, network(checkpoint));
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void aGraphGoesOnAsWell(String checkpoint) {
        ComputationGraph graph = network(checkpoint).toComputationGraph();
        // toComputationGraph loses it
        graph.conf().setMiniBatch(false);
        Stream.of(graph.getLayers()).forEach(layer -> layer.conf().setMiniBatch(false));
        follow(checkpoint, graph);
    }

    private static void follow(String checkpoint, Model network) {
        resume(checkpoint, network);
        if (checkpoint.startsWith("perceptron")) {
            network.setListeners(new TorchBatchNormListener());
        }
        double largest = 0;
        for (String[] row : rows()) {
            if (row[0].equals(checkpoint)) {
                ((NeuralNetwork) network).fit(batch(checkpoint, Integer.parseInt(row[1])));
                double torch = Double.parseDouble(row[2]);
                largest = Math.max(largest, Math.abs(network.score() - torch));
                assertThat(network.score())
                        .as("%s, loss of step %s", checkpoint, row[1])
                        .isCloseTo(torch, within(1e-11));
            }
        }
        System.out.printf("%s: losses within %.0e of torch's%n", checkpoint, largest);
    }

    private static TorchPairing resume(String checkpoint, Model network) {
        Path file = FOLDER.resolve(checkpoint + ".pt");
        TorchWeights weights = TorchWeights.load(file, MODEL);
        TorchPairing pairing = network instanceof ComputationGraph graph
                ? weights.copyInto(graph)
                : weights.copyInto((MultiLayerNetwork) network);
        TorchOptimizerState state = TorchOptimizerState.load(file, OPTIMIZER);
        state.copyInto(network, pairing);
        assertThat(state.steps()).isEqualTo(checkpoint.contains("sgd") ? 0 : SAVED_AFTER);
        return pairing;
    }

    /** The state is known to matter. */
    @ParameterizedTest
    @MethodSource("checkpoints")
    void withoutTheStateTheLossesAreOthers(String checkpoint) {
        MultiLayerNetwork network = network(checkpoint);
        TorchWeights.load(FOLDER.resolve(checkpoint + ".pt"), MODEL).copyInto(network);
        double largest = 0;
        for (String[] row : rows()) {
            if (row[0].equals(checkpoint)) {
                network.fit(batch(checkpoint, Integer.parseInt(row[1])));
                largest = Math.max(largest, Math.abs(network.score() - Double.parseDouble(row[2])));
            }
        }
        if (!checkpoint.endsWith("_sgd")) {
            assertThat(largest).isGreaterThan(1e-6);
        }
    }

    @Test
    void theCountOfIterationsGoesOn() {
        MultiLayerNetwork network = network("tagger_adamw");
        resume("tagger_adamw", network);

        assertThat(network.getIterationCount()).isEqualTo(SAVED_AFTER);
        assertThat(TorchOptimizerState.load(FOLDER.resolve("tagger_adamw.pt"), OPTIMIZER))
                .hasToString("TorchOptimizerState of 6 parameters after 12 steps");
    }

    @Test
    void theStateOfAnotherOptimizerIsRefusedAndNothingIsWritten() {
        refused("tagger_adam", "tagger_rmsprop", "there is no 'square_avg'", "exp_avg_sq", "another optimizer");
        refused("tagger_sgd_momentum", "tagger_sgd", "momentum_buffer", "TorchSGD(", "does not have");
        refused("tagger_adam_amsgrad", "tagger_adam", "max_exp_avg_sq", "does not have");
        refused("tagger_adam", "tagger_adam_amsgrad", "there is no 'max_exp_avg_sq'");
    }

    private static void refused(String checkpoint, String updater, String... reasons) {
        MultiLayerNetwork network = network(updater);
        TorchPairing pairing =
                TorchWeights.load(FOLDER.resolve(checkpoint + ".pt"), MODEL).copyInto(network);
        TorchOptimizerState state = TorchOptimizerState.load(FOLDER.resolve(checkpoint + ".pt"), OPTIMIZER);
        INDArray before = network.getUpdater().getStateViewArray();
        INDArray copy = before == null ? null : before.dup();
        assertThatThrownBy(() -> state.copyInto(network, pairing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(reasons);
        assertThat(network.getUpdater().getStateViewArray()).isEqualTo(copy);
        assertThat(network.getIterationCount()).isZero();
    }

    @Test
    void withoutTheOrderOfTheModelTheStateIsRefused() {
        MultiLayerNetwork network = network("tagger_adam");
        TorchPairing pairing = resume("tagger_adam", network);
        Path file = folder.resolve("weights.safetensors");
        TorchExport.of(network, pairing).write(file);
        TorchPairing withoutOrder = TorchWeights.load(file).copyInto(network);
        TorchOptimizerState state = TorchOptimizerState.load(FOLDER.resolve("tagger_adam.pt"), OPTIMIZER);

        assertThatThrownBy(() -> state.copyInto(network, withoutOrder))
                .hasMessageContaining("The optimizer has 6 parameters, but the names of 0 are known")
                .hasMessageContaining("safetensors do not keep the order");
    }

    /** Any byte of the pickle may be another; nothing but a refusal comes of it, if anything. */
    @ParameterizedTest
    @ValueSource(strings = {"tagger_adam", "perceptron_sgd_dampening", "tagger_nadam"})
    void aDamagedCheckpointIsReadOrRefused(String checkpoint) throws IOException {
        Random random = PrintedSeed.randomFor(ResumedTrainingTest.class);
        Map<String, byte[]> entries = ArchiveWriter.entries(FOLDER.resolve(checkpoint + ".pt"));
        MultiLayerNetwork network = network(checkpoint);
        TorchPairing pairing =
                TorchWeights.load(FOLDER.resolve(checkpoint + ".pt"), MODEL).copyInto(network);
        int refused = 0;
        for (int trial = 0; trial < DAMAGES; trial++) {
            ArchiveWriter archive = new ArchiveWriter();
            entries.forEach((name, content) -> {
                byte[] bytes = content.clone();
                if (name.endsWith("/data.pkl")) {
                    for (int change = 0; change <= random.nextInt(3); change++) {
                        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                    }
                }
                archive.stored(name, bytes);
            });
            try {
                TorchOptimizerState state = TorchOptimizerState.load(archive.write(folder), OPTIMIZER);
                state.copyInto(network, pairing);
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).hasSizeLessThan(2000);
                refused++;
            }
        }
        assertThat(refused).isBetween(DAMAGES / 4, DAMAGES - 1);
    }

    @Test
    void whatIsNoOptimizerIsRefused() throws IOException {
        Path file = FOLDER.resolve("tagger_adam.pt");
        assertThatThrownBy(() -> TorchOptimizerState.load(file))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("a dictionary without state and param_groups");
        assertThatThrownBy(() -> TorchOptimizerState.load(file, "optimizer"))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("The file has no key 'optimizer'");
        Path other = folder.resolve("other");
        Files.writeString(other, "no archive at all");
        assertThatThrownBy(() -> TorchOptimizerState.load(other))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("The file begins like none");
    }
}
