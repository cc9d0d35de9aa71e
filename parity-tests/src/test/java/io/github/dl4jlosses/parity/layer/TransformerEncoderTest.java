/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.layer.TorchGELU;
import io.github.dl4jlosses.layer.TransformerEncoderLayer;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.training.TorchOptimizer;
import io.github.dl4jlosses.parity.weights.TorchSave;
import io.github.dl4jlosses.porting.TorchExport;
import io.github.dl4jlosses.porting.TorchWeights;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.memory.FilledArray;
import io.github.dl4jlosses.updater.TorchAdamW;
import io.github.dl4jlosses.updater.TorchSGD;
import io.github.dl4jlosses.updater.TorchUpdater;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/** Two encoder layers, the second above the first, against those of torch in float64, some sequences padded. */
class TransformerEncoderTest {
    private static final int EXAMPLES = 3;
    private static final int CHANNELS = 6;
    private static final int HEADS = 2;
    private static final int WIDE = 7;
    private static final int STEPS = 5;
    private static final double TOLERANCE = 1e-11;

    /** In the order of torch's kernel. */
    private static final List<String> PARAMETERS = List.of(
            "self_attn_inProjWeight",
            "self_attn_inProjBias",
            "self_attn_outProjWeight",
            "self_attn_outProjBias",
            "norm1_weight",
            "norm1_bias",
            "norm2_weight",
            "norm2_bias",
            "linear1_weight",
            "linear1_bias",
            "linear2_weight",
            "linear2_bias");

    /** One layer, over its input {@code h} and the parameters from {@code p%d} on, as torch/nn/modules/transformer.py. */
    private static final String ATTENTION = """
            parts = torch.chunk(torch.linear(a, p0, p1), 3, -1)
            q = torch.transpose(torch.reshape(parts[0], [3, 5, 2, 3]), 1, 2)
            k = torch.transpose(torch.reshape(parts[1], [3, 5, 2, 3]), 1, 2)
            v = torch.transpose(torch.reshape(parts[2], [3, 5, 2, 3]), 1, 2)
            o = torch.scaled_dot_product_attention(q, k, v, seen, 0., False)
            a = torch.linear(torch.reshape(torch.transpose(o, 1, 2), [3, 5, 6]), p2, p3)
            """;

    private static final String NORM_LAST = """
            a = h
            """ + ATTENTION + """
            h = torch.layer_norm(h + a, [6], p4, p5, 1e-05)
            f = torch.linear(torch.ACTIVATION(torch.linear(h, p8, p9)), p10, p11)
            h = torch.layer_norm(h + f, [6], p6, p7, 1e-05)
            """;

    private static final String NORM_FIRST = """
            a = torch.layer_norm(h, [6], p4, p5, 1e-05)
            """ + ATTENTION + """
            h = h + a
            f = torch.layer_norm(h, [6], p6, p7, 1e-05)
            h = h + torch.linear(torch.ACTIVATION(torch.linear(f, p8, p9)), p10, p11)
            """;

    /** What torch runs in place of the module when nothing is trained. */
    private static final String KERNEL = """
            h = torch.transpose(x, 1, 2)
            h = torch._transformer_encoder_layer_fwd(h, 6, 2, p0, p1, p2, p3, GELU, FIRST, 1e-05, p4, p5, p6, p7, p8, p9, p10, p11)
            h = torch._transformer_encoder_layer_fwd(h, 6, 2, p12, p13, p14, p15, GELU, FIRST, 1e-05, p16, p17, p18, p19, p20, p21, p22, p23)
            torch.transpose(h, 1, 2)
            """;

    private final Random random = PrintedSeed.randomFor(TransformerEncoderTest.class);

    private ComputationGraph network(boolean normFirst, boolean gelu, TorchUpdater updater) {
        GraphBuilder graph = updater.configure(new NeuralNetConfiguration.Builder())
                .dataType(DataType.DOUBLE)
                .miniBatch(false)
                .graphBuilder()
                .addInputs("x")
                .setInputTypes(InputType.recurrent(CHANNELS, STEPS, RNNFormat.NCW));
        TransformerEncoderLayer.Builder layer =
                TransformerEncoderLayer.builder(CHANNELS, HEADS, WIDE).normFirst(normFirst);
        TransformerEncoderLayer built = (gelu ? layer.activation(new TorchGELU()) : layer).build();
        String first = built.addTo(graph, "layers.0", "x");
        MSELoss squares =
                MSELoss.builder().reduction(Reduction.SUM).miniBatch(false).build();
        graph.addLayer(
                        "out",
                        new RnnLossLayer.Builder(squares)
                                .activation(Activation.IDENTITY)
                                .build(),
                        built.addTo(graph, "layers.1", first))
                .setOutputs("out");
        ComputationGraph network = new ComputationGraph(graph.build());
        network.init();
        network.paramTable().values().forEach(parameter -> parameter.assign(numbers(.4, parameter.shape())));
        return network;
    }

    private INDArray numbers(double scale, long... shape) {
        return FilledArray.of(() -> scale * random.nextGaussian(), DataType.DOUBLE, shape);
    }

    private static INDArray mask() {
        double[] mask = {1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0};
        return FilledArray.of(mask, DataType.DOUBLE, EXAMPLES, STEPS);
    }

    /** By the names of torch's order. */
    private static Map<String, INDArray> parameters(ComputationGraph network) {
        Map<String, INDArray> parameters = new LinkedHashMap<>();
        for (String layer : List.of("layers.0.", "layers.1.")) {
            PARAMETERS.forEach(name -> parameters.put(layer + name, network.getParam(layer + name)));
        }
        return parameters;
    }

    private static TorchFunction loss(boolean normFirst, boolean gelu) {
        String layer = (normFirst ? NORM_FIRST : NORM_LAST).replace("ACTIVATION", gelu ? "gelu" : "relu");
        String text = """
                seen = torch.gt(torch.reshape(mask, [3, 1, 1, 5]), 0)
                h = torch.transpose(x, 1, 2)
                """ + layer + layer.replaceAll("\\bp(\\d+)", "p{$1}") + """
                y = torch.transpose(h, 1, 2)
                torch.sum((y - target) * (y - target) * torch.unsqueeze(mask, 1))
                """;
        for (int i = 0; i < PARAMETERS.size(); i++) {
            text = text.replace("p{" + i + "}", "p" + (PARAMETERS.size() + i));
        }
        return TorchFunction.of(text, arguments("x", "mask", "target")).withRespectTo(arguments());
    }

    private static String[] arguments(String... first) {
        return Stream.concat(
                        Stream.of(first),
                        IntStream.range(0, 2 * PARAMETERS.size()).mapToObj(i -> "p" + i))
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void theOutputIsThatOfTorchsKernel(boolean normFirst, boolean gelu) {
        ComputationGraph network =
                network(normFirst, gelu, TorchSGD.builder().lr(.1).build());
        INDArray x = numbers(2, EXAMPLES, CHANNELS, STEPS);
        String text = KERNEL.replace("GELU", gelu ? "True" : "False").replace("FIRST", normFirst ? "True" : "False");
        List<TorchTensor> all = new ArrayList<>(List.of(TorchTensor.of(x)));
        parameters(network).values().forEach(parameter -> all.add(TorchTensor.of(parameter)));

        INDArray output = network.outputSingle(x);

        assertNear(
                output,
                TorchFunction.of(text, arguments("x"))
                        .call(all.toArray(TorchTensor[]::new))
                        .value(),
                "output");
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void tenStepsOfSgdAreTorchs(boolean normFirst, boolean gelu) {
        train(
                normFirst,
                gelu,
                TorchSGD.builder().lr(.002).momentum(.9).weightDecay(.1).build());
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void tenStepsOfAdamWAreTorchs(boolean normFirst, boolean gelu) {
        train(normFirst, gelu, TorchAdamW.builder().lr(.01).weightDecay(.1).build());
    }

    private void train(boolean normFirst, boolean gelu, TorchUpdater updater) {
        ComputationGraph network = network(normFirst, gelu, updater);
        Map<String, TorchOptimizer> optimizers = TorchModuleCase.optimizers(updater, parameters(network));
        TorchFunction loss = loss(normFirst, gelu);
        INDArray mask = mask();
        for (int step = 0; step < 10; step++) {
            INDArray x = numbers(2, EXAMPLES, CHANNELS, STEPS);
            INDArray target = numbers(1, EXAMPLES, CHANNELS, STEPS);
            TorchResult theirs = loss.call(TorchModuleCase.call(
                    List.of(TorchTensor.of(x), TorchTensor.of(mask), TorchTensor.of(target)),
                    optimizers.values().stream().map(TorchOptimizer::parameter).toList()));
            int number = 0;
            for (TorchOptimizer optimizer : optimizers.values()) {
                optimizer.step(theirs.gradient("p" + number));
                number++;
            }
            network.fit(new MultiDataSet(
                    new INDArray[] {x}, new INDArray[] {target}, new INDArray[] {mask}, new INDArray[] {mask}));
            double value = theirs.value().item() / EXAMPLES;
            assertThat(network.score()).as("loss of step %s", step).isCloseTo(value, within(TOLERANCE * value));
        }
        parameters(network)
                .forEach((name, parameter) -> assertNear(
                        TorchModuleCase.withoutKeyBias(name, parameter),
                        TorchTensor.of(TorchModuleCase.withoutKeyBias(
                                name, optimizers.get(name).parameter().toArray())),
                        name));
    }

    /** A state_dict of torch's TransformerEncoder finds its vertices by their names, and goes back under the same names. */
    @Test
    void aStateDictPairsItself(@TempDir Path folder) {
        ComputationGraph network =
                network(false, false, TorchSGD.builder().lr(.1).build());
        Map<String, TorchTensor> tensors = new LinkedHashMap<>();
        parameters(network).forEach((name, parameter) -> tensors.put(torchName(name), TorchTensor.of(parameter)));
        Path file = folder.resolve("model.safetensors");
        TorchSave.safetensors(file, tensors);
        ComputationGraph other = network(false, false, TorchSGD.builder().lr(.1).build());
        assertThat(other.params()).isNotEqualTo(network.params());

        TorchWeights.load(file).copyInto(other);

        assertThat(other.params()).isEqualTo(network.params());
        assertThat(TorchExport.of(other).tensors().keySet()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
    }

    private static String torchName(String parameter) {
        return parameter
                .replaceAll("_(weight|bias)$", ".$1")
                .replace("_inProjWeight", ".in_proj_weight")
                .replace("_inProjBias", ".in_proj_bias")
                .replace("_outProjWeight", ".out_proj.weight")
                .replace("_outProjBias", ".out_proj.bias");
    }

    private static void assertNear(INDArray ours, TorchTensor torchs, String what) {
        double[] a = TorchTensor.of(ours).toDoubles();
        double[] b = torchs.toDoubles();
        assertThat(a).as(what).hasSameSizeAs(b);
        for (int i = 0; i < a.length; i++) {
            assertThat(a[i])
                    .as("%s, element %s", what, i)
                    .isCloseTo(b[i], within(TOLERANCE * Math.max(1, Math.abs(b[i]))));
        }
    }
}
