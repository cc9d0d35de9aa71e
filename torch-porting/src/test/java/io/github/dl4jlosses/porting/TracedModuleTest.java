/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.updater.TorchSGD;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The building blocks of models, each traced and trained by PyTorch (resources/modules/generate.py), and what is refused. */
class TracedModuleTest {

    private static final double TOLERANCE = 1e-9;

    /** A line of cases.csv. */
    record Module(String name, List<String> inputs, List<String> outputs, double decay) {

        static Module of(String line) {
            String[] fields = line.split(",", -1);
            return new Module(
                    fields[0],
                    List.of(fields[1].split(";", -1)),
                    List.of(fields[2].split(";", -1)),
                    fields.length > 3 ? Double.parseDouble(fields[3]) : 0);
        }

        TorchModel load() {
            return TorchModel.load(path(name + ".pt"));
        }

        InputType[] types() {
            return inputs.stream().map(TracedModuleTest::type).toArray(InputType[]::new);
        }

        List<MSELoss> losses() {
            return outputs.stream()
                    .map(output -> MSELoss.builder()
                            .positionsPerExample(Long.parseLong(output.split(" ", -1)[0]))
                            .build())
                    .toList();
        }

        /** An array of torch in DL4J's order. */
        static INDArray ordered(INDArray torchs, String order) {
            int[] axes = order.chars().map(c -> c - '0').toArray();
            return axes.length == torchs.rank() ? torchs.permute(axes).dup('c') : torchs;
        }

        INDArray input(int number, INDArray batch) {
            return switch (inputs.get(number).split(" ", -1)[0]) {
                case "ntc" -> batch.permute(0, 2, 1).dup('c');
                case "tnc" -> batch.permute(1, 2, 0).dup('c');
                case "token" -> batch.reshape('c', batch.length(), 1);
                default -> batch;
            };
        }

        INDArray output(int number, INDArray batch) {
            return ordered(batch, outputs.get(number).split(" ", -1)[1]);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static InputType type(String text) {
        String[] words = text.split(" ", -1);
        long[] n = Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
        return switch (words[0]) {
            case "image" -> InputType.convolutional(n[0], n[1], n[2]);
            case "volume" ->
                InputType.convolutional3D(
                        org.deeplearning4j.nn.conf.layers.Convolution3D.DataFormat.NCDHW, n[0], n[1], n[2], n[3]);
            case "ff" -> InputType.feedForward(n[0]);
            case "token" -> InputType.feedForward(1);
            default -> InputType.recurrent(n[0], n[1]);
        };
    }

    static Path path(String file) {
        try {
            return Path.of(
                    TracedModuleTest.class.getResource("/modules/" + file).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<Module> modules() throws IOException {
        return Files.readAllLines(path("cases.csv")).stream().map(Module::of);
    }

    static NeuralNetConfiguration.Builder settings() {
        return settings(0);
    }

    private static NeuralNetConfiguration.Builder settings(double weightDecay) {
        return TorchSGD.builder()
                .lr(.05)
                .momentum(.9)
                .weightDecay(weightDecay)
                .build()
                .configure(new NeuralNetConfiguration.Builder().dataType(DataType.DOUBLE));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aModuleIsTorchsBeforeAlongAndAfterItsTraining(Module module) {
        ComputationGraph graph =
                module.load().toComputationGraph(settings(module.decay()), module.losses(), module.types());
        Map<String, INDArray> check =
                TorchWeights.load(path(module.name() + ".check.pt")).tensors();
        double[] losses = check.get("losses").toDoubleVector();

        double before = distance(module, graph, check, "before");
        double ofLosses = 0;
        for (int step = 0; step < losses.length; step++) {
            graph.fit(inputs(module, check, step), outputs(module, check, step));
            ofLosses = Math.max(ofLosses, Math.abs(graph.score() - losses[step]));
        }
        double after = distance(module, graph, check, "after");

        System.out.printf(
                "%s: outputs differ by %.1e and %.1e, %d losses by %.1e%n",
                module, before, after, losses.length, ofLosses);
        assertThat(before).isLessThanOrEqualTo(TOLERANCE / 10);
        assertThat(ofLosses).isLessThanOrEqualTo(TOLERANCE);
        assertThat(after).isLessThanOrEqualTo(TOLERANCE);
    }

    private static INDArray[] inputs(Module module, Map<String, INDArray> check, int step) {
        List<INDArray> arrays = new ArrayList<>();
        for (int i = 0; i < module.inputs().size(); i++) {
            arrays.add(module.input(i, at(check.get("x" + i), step)));
        }
        return arrays.toArray(INDArray[]::new);
    }

    private static INDArray[] outputs(Module module, Map<String, INDArray> check, int step) {
        List<INDArray> arrays = new ArrayList<>();
        for (int i = 0; i < module.outputs().size(); i++) {
            arrays.add(module.output(i, at(check.get("y" + i), step)));
        }
        return arrays.toArray(INDArray[]::new);
    }

    private static INDArray at(INDArray batches, int step) {
        return batches.get(NDArrayIndex.point(step % batches.size(0))).dup('c');
    }

    private static double distance(Module module, ComputationGraph graph, Map<String, INDArray> check, String key) {
        INDArray[] ours = graph.output(inputs(module, check, 0));
        double distance = 0;
        for (int i = 0; i < ours.length; i++) {
            INDArray torchs = module.output(i, check.get(key + i));
            assertThat(ours[i].shape()).isEqualTo(torchs.shape());
            distance = Math.max(
                    distance, Transforms.abs(ours[i].sub(torchs)).maxNumber().doubleValue());
        }
        assertThat(distance).isNotNaN();
        return distance;
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aConfigurationSurvivesJson(Module module) {
        ComputationGraphConfiguration configuration =
                module.load().configuration(settings(module.decay()), module.losses(), module.types());

        ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(configuration.toJson());

        assertThat(read).isEqualTo(configuration);
    }

    static Stream<Module> refused() throws IOException {
        return Files.readAllLines(path("refused.csv")).stream().map(Module::of);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatHasNoExactCounterpartIsRefusedByName(Module module) {
        assertThatThrownBy(() -> TorchModel.load(path("refused_" + module.name() + ".pt"))
                        .configuration(settings(), List.of(new MSELoss()), module.types()))
                .isInstanceOf(RefusedFileException.class)
                .satisfies(
                        e -> System.out.println(module + ": " + e.getMessage().replaceAll("^.*/", "")))
                .hasMessageContainingAll(module.outputs().get(0).split(" ", -1));
    }
}
