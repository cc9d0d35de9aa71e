/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.porting.TorchExport;
import io.github.dl4jlosses.porting.TorchPairing;
import io.github.dl4jlosses.porting.TorchWeights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Trained networks that go back to torch. */
class ExportedTrainingTest {
    private static final int STEPS = 30;

    @TempDir
    private Path folder;

    /** With the tensors of the file torch computes the loss that the network computes. */
    @ParameterizedTest
    @EnumSource
    void torchGoesOnWhereTheNetworkStands(PortedModel model) {
        MultiLayerNetwork network = model.network(DataType.DOUBLE);
        TorchWeights weights = TorchWeights.load(model.stateDict());
        TorchPairing names = weights.copyInto(network);
        PortedTrainingTest.train(network, model, DataType.DOUBLE, STEPS);
        Path file = folder.resolve("trained.safetensors");

        TorchExport.of(network, names).write(file);

        Map<String, INDArray> exported = TorchWeights.load(file).tensors();
        assertThat(exported.keySet())
                .containsExactlyInAnyOrderElementsOf(weights.tensors().keySet());
        List<INDArray> inTorchsOrder =
                weights.tensors().keySet().stream().map(exported::get).toList();
        double ours = PortedTrainingTest.train(network, model, DataType.DOUBLE, 1)
                .losses()
                .get(0);
        assertThat(torchLoss(model, inTorchsOrder)).isCloseTo(ours, within(1e-13));
    }

    private static double torchLoss(PortedModel model, List<INDArray> parameters) {
        String[] arguments = Stream.concat(
                        Stream.of("x", "t", "w"),
                        IntStream.range(0, parameters.size()).mapToObj(i -> "p" + i))
                .toArray(String[]::new);
        List<TorchTensor> values = new ArrayList<>(Arrays.asList(model.data().torchBatch(0, DataType.DOUBLE)));
        values.add(TorchTensor.of(TorchType.FLOAT64, model.lossWeights(), model.lossWeights().length));
        parameters.forEach(parameter -> values.add(TorchTensor.of(parameter)));
        return TorchFunction.of(model.torchLoss(), arguments)
                .call(values.toArray(TorchTensor[]::new))
                .value()
                .item();
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT", "HALF"})
    void eachTypeComesBackToTheLastBit(DataType type) {
        PortedModel model = PortedModel.TEXT_LSTM_CE;
        MultiLayerNetwork network = model.network(DataType.DOUBLE);
        TorchPairing names = TorchWeights.load(model.stateDict()).copyInto(network);
        INDArray spread = network.params().mul(1e-3).castTo(type); // some of a half's are subnormal
        network.setParams(spread.castTo(DataType.DOUBLE));
        MultiLayerNetwork typed = model.network(type);
        typed.setParams(spread);
        Path file = folder.resolve("typed.safetensors");

        TorchExport.of(typed, names).write(file);

        TorchWeights read = TorchWeights.load(file);
        assertThat(read.tensors().values()).allMatch(tensor -> tensor.dataType() == type);
        MultiLayerNetwork again = model.network(DataType.DOUBLE);
        read.copyInto(again);
        assertThat(again.params()).isEqualTo(network.params());
    }

    @Test
    void namesAreThoseOfAMapOrOfTheVertices() {
        MultiLayerNetwork network = PortedModel.TEXT_LSTM_CE.network(DataType.DOUBLE);
        ComputationGraph graph = network.toComputationGraph();

        assertThat(TorchExport.of(network, Map.of("net.lstm", "0", "out", "1")).tensors())
                .containsOnlyKeys(
                        "net.lstm.weight_ih_l0",
                        "net.lstm.weight_hh_l0",
                        "net.lstm.bias_ih_l0",
                        "net.lstm.bias_hh_l0",
                        "out.weight",
                        "out.bias");
        assertThat(TorchExport.of(network, Map.of("l2", "0", "", "1")).tensors())
                .containsOnlyKeys("weight_ih_l2", "weight_hh_l2", "bias_ih_l2", "bias_hh_l2", "weight", "bias");
        assertThat(TorchExport.of(graph).tensors()).containsKeys("0.weight_ih_l0", "1.weight", "1.bias");
    }

    @Test
    void namesThatDoNotSufficeAreRefused() {
        MultiLayerNetwork network = PortedModel.DIGITS_MLP_CE.network(DataType.DOUBLE);

        refused("There is no prefix for layer 1 (OutputLayer)", network, Map.of("a", "0"));
        refused("there is no layer '7'", network, Map.of("a", "0", "b", "7"));
        refused("it has another prefix already", network, Map.of("a", "0", "b", "0", "c", "1"));
        TorchPairing other = TorchWeights.load(PortedModel.TEXT_LSTM_CE.stateDict())
                .copyInto(PortedModel.TEXT_LSTM_CE.network(DataType.DOUBLE));
        assertThatThrownBy(() -> TorchExport.of(network, other))
                .hasMessageContaining("There is no name for torch's weight of layer 0 (DenseLayer)");
        assertThatThrownBy(() -> TorchExport.of(null, other)).hasMessage("net is null");
    }

    private static void refused(String message, MultiLayerNetwork network, Map<String, String> prefixes) {
        assertThatThrownBy(() -> TorchExport.of(network, prefixes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aLayerThatWasSkippedStaysBehind() {
        MultiLayerNetwork network = PortedModel.DIGITS_MLP_CE.network(DataType.DOUBLE);
        TorchWeights weights = TorchWeights.load(PortedModel.DIGITS_MLP_CE.stateDict());
        String last = List.copyOf(weights.tensors().keySet()).get(2).replace(".weight", "");
        TorchPairing names = weights.skip(last).skipLayers("1").copyInto(network);

        assertThat(TorchExport.of(network, names).tensors()).hasSize(2).doesNotContainKey(last + ".weight");
    }
}
