/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import static io.github.dl4jlosses.updater.TorchUpdaterTest.adam;
import static io.github.dl4jlosses.updater.TorchUpdaterTest.sgd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.CrossEntropyLoss;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** The rates beside those that torch's scheduler wrote down for the same metrics. */
class TorchReduceLROnPlateauTest {

    private static TorchReduceLROnPlateau.Builder plateau() {
        return TorchReduceLROnPlateau.builder();
    }

    /** By their names in generate.py. */
    static Map<String, TorchReduceLROnPlateau> plateaus() {
        return Map.of(
                "defaults",
                plateau().build(),
                "patient",
                plateau().patience(2).factor(.5).minLr(.02).build(),
                "cooling",
                plateau().patience(1).factor(.3).cooldown(3).build(),
                "absolute",
                plateau().patience(2).threshold(.05).absolute(true).factor(.5).build(),
                "rising",
                plateau()
                        .higherIsBetter(true)
                        .patience(2)
                        .factor(.5)
                        .threshold(.01)
                        .build(),
                "rising_absolute",
                plateau()
                        .higherIsBetter(true)
                        .patience(0)
                        .factor(.5)
                        .threshold(.1)
                        .absolute(true)
                        .build(),
                "eps",
                plateau().patience(0).factor(.5).eps(.01).build());
    }

    static Stream<String> names() {
        return plateaus().keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("names")
    void eachRateIsTorchs(String name) {
        TorchReduceLROnPlateau plateau = plateaus().get(name);
        MultiLayerNetwork net = network(adam().lr(.1).build());
        List<String[]> rows = TorchWitness.rows("plateaus.csv", name);

        assertThat(rows).hasSize(40);
        for (String[] row : rows) {
            plateau.step(net, Double.parseDouble(row[2].equals("nan") ? "NaN" : row[2]));
            for (int layer = 0; layer < 2; layer++) {
                assertThat(net.getLearningRate(layer))
                        .as("rate after metric %s", row[1])
                        .isCloseTo(Double.parseDouble(row[3]), within(1e-16));
            }
        }
        assertThat(net.getLearningRate(0)).as("it falls at all").isLessThan(.1);
    }

    @Test
    void aGraphAndItsUpdaterStateGoOnWithTheLowerRate() {
        ComputationGraph graph = network(adam().lr(.1).build()).toComputationGraph();
        ComputationGraph same = network(adam().lr(.01).build()).toComputationGraph();
        for (ComputationGraph one : List.of(graph, same)) {
            one.fit(data());
        }
        same.setParams(graph.params());
        same.getUpdater().getUpdaterStateViewArray().assign(graph.getUpdater().getUpdaterStateViewArray());

        stop(graph);
        graph.fit(data());
        same.fit(data());

        assertThat(graph.getLearningRate("0")).isCloseTo(.01, within(1e-17));
        assertThat(graph.params()).isEqualTo(same.params());
    }

    private static void stop(Model model) {
        TorchReduceLROnPlateau plateau = plateau().patience(0).build();
        plateau.step(model, 1);
        plateau.step(model, 1);
    }

    @Test
    void theListenerWatchesTheMeanScoreOfSoManyIterations() {
        MultiLayerNetwork net = network(sgd().lr(0).build());
        net.setLearningRate(1, 1e-3);
        net.setListeners(plateau().patience(1).threshold(.5).every(3).factor(.5).build());
        for (int i = 0; i < 8; i++) {
            net.fit(data());
        }
        assertThat(net.getLearningRate(1)).isEqualTo(1e-3);
        net.fit(data());
        assertThat(net.getLearningRate(1)).isEqualTo(5e-4);
        assertThat(net.getLearningRate(0)).isZero();
    }

    @Test
    void theRateOfTwoBiasesStaysDoubleAndANetworkIsSavedWithIt() throws IOException {
        MultiLayerNetwork net = recurrent();
        TorchReduceLROnPlateau plateau =
                plateau().patience(0).factor(.5).minLr(.04).build();
        for (int i = 0; i < 4; i++) {
            plateau.step(net, 1);
        }

        assertThat(rate(net, "W")).isEqualTo(.04);
        assertThat(rate(net, "b")).isEqualTo(.08);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(net, file, true);
        MultiLayerNetwork read =
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()), true);
        assertThat(rate(read, "b")).isEqualTo(.08);
    }

    private static double rate(MultiLayerNetwork net, String parameter) {
        IUpdater updater = net.getLayer(0).conf().getLayer().getUpdaterByParam(parameter);
        return updater.getLearningRate(0, 0);
    }

    /** Rates that come to be equal join two blocks of the state, which has to be cut anew before it is saved. */
    @Test
    void layersWhoseRatesBecomeEqualKeepTheirState() throws IOException {
        MultiLayerNetwork net = network(adam().lr(.1).build());
        net.setLearningRate(1, .05);
        net.fit(data());
        plateau();
        TorchReduceLROnPlateau plateau = plateau().patience(0).minLr(.02).build();
        plateau.step(net, 1);
        plateau.step(net, 1);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(net, file, true);
        MultiLayerNetwork read =
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()), true);

        net.fit(data());
        read.fit(data());

        assertThat(read.getLearningRate(0)).isEqualTo(.02).isEqualTo(read.getLearningRate(1));
        assertThat(read.params()).isEqualTo(net.params());
    }

    @Test
    void aRateWithAScheduleIsRefused() {
        MultiLayerNetwork net = network(sgd().lrSchedule(new StepSchedule(ScheduleType.ITERATION, .1, .5, 10))
                .build());

        assertThatIllegalStateException()
                .isThrownBy(() -> stop(net))
                .withMessageContaining("has a schedule; a plateau can lower only one that is fixed");
    }

    @Test
    void optionsOutOfTheirRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plateau().factor(1).build())
                .withMessageContaining("Factor should be < 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plateau().every(0).build())
                .withMessageContaining("every must be 1 or more");
    }

    private static DataSet data() {
        return new DataSet(
                Nd4j.createFromArray(new double[][] {{1, 0, -1}, {0, 2, 1}, {1, 1, 0}}),
                Nd4j.createFromArray(new double[][] {{0}, {1}, {1}}));
    }

    private static MultiLayerNetwork network(TorchUpdater updater) {
        MultiLayerNetwork net = new MultiLayerNetwork(
                updater.configure(new NeuralNetConfiguration.Builder().seed(3).dataType(DataType.DOUBLE))
                        .list()
                        .layer(new DenseLayer.Builder().nIn(3).nOut(4).build())
                        .layer(new OutputLayer.Builder(new CrossEntropyLoss())
                                .nIn(4)
                                .nOut(2)
                                .activation(Activation.SOFTMAX)
                                .build())
                        .build());
        net.init();
        return net;
    }

    private static MultiLayerNetwork recurrent() {
        TorchAdam adam = adam().lr(.1).build();
        MultiLayerNetwork net = new MultiLayerNetwork(adam.configure(new NeuralNetConfiguration.Builder())
                .list()
                .layer(adam.configureTwoBiases(new LSTM.Builder().nIn(3).nOut(4))
                        .build())
                .layer(new RnnOutputLayer.Builder(new CrossEntropyLoss())
                        .nIn(4)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        net.init();
        return net;
    }
}
