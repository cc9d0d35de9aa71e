/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static io.github.dl4jlosses.parity.CommandRun.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.porting.TorchWeights;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The command that ports a file, as a shell calls it; the reference is the model that torch itself runs. */
class PortCommandTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path json;
    private Path output;

    @BeforeEach
    void writeTheConfiguration() throws IOException, URISyntaxException {
        model = data("digits_mlp_ce_state.pt");
        json = Files.writeString(
                folder.resolve("network.json"), configuration(32).toJson());
        output = folder.resolve("model.zip");
    }

    private static Path data(String name) throws URISyntaxException {
        return Path.of(
                PortCommandTest.class.getResource("/data/pytorch/" + name).toURI());
    }

    private static MultiLayerConfiguration configuration(int hidden) {
        return new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(64)
                        .nOut(hidden)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(new CrossEntropyLoss())
                        .activation(Activation.IDENTITY)
                        .nIn(hidden)
                        .nOut(10)
                        .build())
                .build();
    }

    @Test
    void aFileAloneIsListed() {
        CommandRun run = CommandRun.of("port", model);
        assertThat(run.status()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "0.weight DOUBLE [32, 64]",
                        "0.bias DOUBLE [32]",
                        "2.weight DOUBLE [10, 32]",
                        "2.bias DOUBLE [10]");
    }

    private static void ports(Object... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.status()).as(run.err()).isZero();
    }

    @Test
    void aConfigurationBecomesTheModelOfTorch() throws Exception {
        ports("port", model, json, output);

        assertOutputsAreTorchs(ModelSerializer.restoreMultiLayerNetwork(output.toFile())::output);
    }

    @Test
    void aSavedGraphTakesTheWeightsByName() throws Exception {
        MultiLayerNetwork net = new MultiLayerNetwork(configuration(32));
        net.init();
        File saved = folder.resolve("graph.zip").toFile();
        ComputationGraph graph = net.toComputationGraph();
        ModelSerializer.writeModel(graph, saved, true);
        var names = graph.getConfiguration().getTopologicalOrderStr();
        ports("port", model, saved, output, "--map", "0=" + names.get(1), "--map", "2=" + names.get(2));
        assertOutputsAreTorchs(
                x -> ModelSerializer.restoreComputationGraph(output.toFile()).outputSingle(x));
    }

    private interface Network {
        INDArray output(INDArray x) throws IOException;
    }

    private void assertOutputsAreTorchs(Network network) throws IOException {
        INDArray x = Nd4j.linspace(-1, 1, 3 * 64, DataType.DOUBLE).reshape(3, 64);
        Map<String, INDArray> tensors = TorchWeights.load(model).tensors();
        double[] theirs = TorchFunction.of(
                        "torch.linear(torch.tanh(torch.linear(x, w0, b0)), w2, b2)", "x", "w0", "b0", "w2", "b2")
                .call(x, tensors.get("0.weight"), tensors.get("0.bias"), tensors.get("2.weight"), tensors.get("2.bias"))
                .value()
                .toDoubles();
        INDArray ours = network.output(x).dup('c');
        for (int i = 0; i < theirs.length; i++) {
            assertThat(ours.getDouble(i)).isCloseTo(theirs[i], within(1e-12));
        }
    }

    @Test
    void whatDoesNotFitIsRefusedAndNothingIsWritten() throws IOException {
        Files.writeString(json, configuration(31).toJson());
        assertRefused("[32, 64]", "port", model, json, output);
        assertRefused("--map is for a ComputationGraph", "port", model, json, output, "--map", "0=a");
        assertRefused("OUTPUT is missing", "port", model, json);
        assertRefused("There is no file", "port", folder.resolve("none.pt"));
        assertRefused(
                "is no network of DL4J", "port", model, Files.writeString(folder.resolve("a.json"), "{}"), output);
        assertRefused("it was not saved by ModelSerializer", "port", model, model, output);
        assertRefused("", "port", json);
        assertThat(output).doesNotExist();

        Files.writeString(output, "mine");
        assertRefused("exists already; nothing was written", "port", model, json, output);
        assertThat(output).hasContent("mine");
    }
}
