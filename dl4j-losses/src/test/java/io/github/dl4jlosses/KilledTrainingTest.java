/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.spec.memory.Layout;
import io.github.dl4jlosses.updater.TorchAdam;
import io.github.dl4jlosses.updater.TorchSGD;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;

/** A training that was killed between two checkpoints goes on from the last one to the weights of the uninterrupted run. */
@Tag("slow")
class KilledTrainingTest {
    private static final int STEPS = 60;
    private static final int STEPS_PER_CHECKPOINT = 8;
    /** Neither at the third checkpoint nor at the fourth. */
    private static final int KILLED_AFTER = 29;
    /** What the program says once it has got there. */
    private static final String WAITING = "waiting";

    private static final int BATCHES = 5;
    private static final int ROWS = 12;
    private static final int FEATURES = 6;
    private static final int CLASSES = 4;

    @TempDir
    private Path folder;

    /** What trains it. */
    enum Updater {
        ADAM,
        MOMENTUM;

        IUpdater updater() {
            return this == ADAM
                    ? TorchAdam.builder().lr(.02).build()
                    : TorchSGD.builder().lr(.1).momentum(.9).build();
        }
    }

    /** The program that is killed: it trains up to a step between two checkpoints, and waits. */
    static final class Training {
        private Training() {}

        public static void main(String[] args) throws IOException {
            MultiLayerNetwork network = network(Updater.valueOf(System.getProperty("updater")));
            network.addListeners(new CheckpointListener.Builder(System.getProperty("checkpoints"))
                    .keepAll()
                    .saveEveryNIterations(STEPS_PER_CHECKPOINT)
                    .build());
            train(network, KILLED_AFTER);
            System.out.println(WAITING);
            // until it is killed, or until nobody is left to do that
            System.in.read();
        }
    }

    @ParameterizedTest
    @EnumSource
    void goesOnAsIfNothingHadHappened(Updater updater) throws Exception {
        MultiLayerNetwork uninterrupted = network(updater);
        train(uninterrupted, STEPS);

        killBetweenTwoCheckpoints(updater);
        MultiLayerNetwork resumed = CheckpointListener.loadLastCheckpointMLN(folder.toFile());
        assertThat(resumed.getIterationCount()).isEqualTo(KILLED_AFTER / STEPS_PER_CHECKPOINT * STEPS_PER_CHECKPOINT);
        // DL4J saves a checkpoint before it counts the iteration that was just done
        resumed.setIterationCount(resumed.getIterationCount() + 1);
        train(resumed, STEPS);

        assertThat(Layout.bytes(resumed.params())).isEqualTo(Layout.bytes(uninterrupted.params()));
        assertThat(Layout.bytes(resumed.getUpdater().getStateViewArray()))
                .isEqualTo(Layout.bytes(uninterrupted.getUpdater().getStateViewArray()));
    }

    private void killBetweenTwoCheckpoints(Updater updater) throws IOException, InterruptedException {
        Process process = OtherProcessTest.process(
                        Training.class,
                        "-Dcheckpoints=" + new File(folder.toString()).getPath(),
                        "-Dupdater=" + updater)
                .start();
        StringBuilder printed = new StringBuilder();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            String line = lines.readLine();
            while (line != null && !line.equals(WAITING)) {
                printed.append(line).append('\n');
                line = lines.readLine();
            }
            assertThat(line).as(printed.toString()).isNotNull();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }

    private static void train(MultiLayerNetwork network, int steps) {
        while (network.getIterationCount() < steps) {
            network.fit(batch(network.getIterationCount()));
        }
    }

    private static MultiLayerNetwork network(Updater updater) {
        CrossEntropyLoss loss = CrossEntropyLoss.builder()
                .weight(1, .5, 2, 1.5)
                .labelSmoothing(.1)
                .ignoreIndex(-1)
                .build();
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(updater.updater())
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(FEATURES)
                        .nOut(9)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(loss).nIn(9).nOut(CLASSES).build())
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }

    /** The batch of a step: the same in every process. */
    private static DataSet batch(int step) {
        Random random = new Random(step % BATCHES);
        INDArray features = FilledArray.of(random::nextGaussian, DataType.DOUBLE, ROWS, FEATURES);
        INDArray classes = FilledArray.of(() -> random.nextInt(CLASSES + 1) - 1, DataType.DOUBLE, ROWS, 1);
        return new DataSet(features, classes);
    }
}
