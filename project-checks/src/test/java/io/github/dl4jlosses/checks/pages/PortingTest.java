/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.porting.TracedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** What docs/porting.md says beside its snippets. */
class PortingTest {
    private static final Page PAGE = Page.of("docs/porting.md");

    @Test
    void theTracesAreOfTheVersionThatItNames() {
        String version = PAGE.first("PyTorch (\\d+\\.\\d+\\.\\d+) wrote");
        assertThat(Page.of("examples/src/main/resources/data/pytorch/README.md").text())
                .contains("torch " + version + " ");
        assertThat(PAGE.first("torch (\\d+\\.\\d+\\.\\d+)\\s+on board"))
                .isEqualTo(Page.of("pom.xml").first("<torch.version>([^<]+)<"));
    }

    @Test
    void eachSilentDifferenceHasItsTest() {
        String tests = Page.of(
                        "parity-tests/src/test/java/io/github/dl4jlosses/parity/weights/SilentDifferencesTest.java")
                .text();
        List<String> rows =
                PAGE.tableAfter("| | what differs |").stream().skip(2).toList();
        assertThat(rows).hasSize(15);
        for (int row = 1; row <= rows.size(); row++) {
            assertThat(rows.get(row - 1)).startsWith("| " + row + " |");
            assertThat(tests).contains(String.format(Locale.ROOT, "void row%02d", row));
        }
    }

    @Test
    void asManyModelsAreTracedAsItSays() {
        assertThat(TracedFile.values()).hasSize(10);
        assertThat(PAGE.text()).contains("Ten models with such losses lie in");
    }

    @Test
    void geluIsAnotherFunctionByTheseNumbers() {
        Differences differences = Differences.of(Activation.GELU, "torch.gelu(z)", grid(1));
        assertThat(PAGE.text())
                .contains(String.format(
                        Locale.ROOT,
                        "up to %.3f from torch's, its gradient %.3f |",
                        differences.value,
                        differences.gradient));
    }

    @Test
    void leakyReluHasASlopeInFloat() {
        Differences below = Differences.of(Activation.LEAKYRELU, "torch.leaky_relu(z, 0.01)", grid(-1));
        assertThat(below.value).isZero();
        assertThat(PAGE.text())
                .contains(String.format(Locale.ROOT, "the gradient is %.0e from", below.gradient)
                        .replace("e-0", "e-"));

        INDArray zero = Nd4j.zeros(DataType.DOUBLE, 1, 1);
        assertThat(gradient(Activation.LEAKYRELU.getActivationFunction(), zero).getDouble(0))
                .isOne();
    }

    @Test
    void preluIsTrainedUpToSoManyElementsForEachSlope() throws IOException, InterruptedException {
        int limit = Integer.parseInt(PAGE.first("at most (\\d+) times as many elements as it has slopes"));
        PreluTraining.fit(limit);
        assertThat(PreluTraining.inAnotherProcess(limit + 1)).contains("Failed to execute op prelu_bp");
    }

    /** From -8 to 8, or to 0, which is left out. */
    private static INDArray grid(int last) {
        double[] places = IntStream.range(-800, last < 0 ? 0 : 801)
                .mapToDouble(i -> i / 100.0)
                .toArray();
        return Nd4j.createFromArray(places).reshape(1, places.length);
    }

    private static INDArray gradient(IActivation activation, INDArray z) {
        return activation.backprop(z.dup(), Nd4j.onesLike(z)).getFirst();
    }

    /** The largest ones between an activation of DL4J and an expression of torch. */
    private record Differences(double value, double gradient) {
        static Differences of(Activation dl4j, String torch, INDArray z) {
            IActivation activation = dl4j.getActivationFunction();
            TorchResult result = TorchFunction.of(torch, "z").withRespectTo("z").call(z);
            return new Differences(
                    largest(activation.getActivation(z.dup(), true), result.value()),
                    largest(PortingTest.gradient(activation, z), result.gradient("z")));
        }

        private static double largest(INDArray ours, TorchTensor torch) {
            return ours.sub(torch.toArray()).amaxNumber().doubleValue();
        }
    }

    /**
     * A step of a network with a PReLU layer. Where it fails, ND4J writes to the output of the process, past Java: a process of
     * its own keeps that out of the build's.
     */
    static final class PreluTraining {
        private static final int SLOPES = 4;

        private PreluTraining() {}

        /** With so many rows, as its only argument says. */
        public static void main(String[] args) {
            fit(Integer.parseInt(args[0]));
        }

        static void fit(int rows) {
            MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                    .dataType(DataType.DOUBLE)
                    .list()
                    .layer(new PReLULayer.Builder().inputShape(SLOPES).build())
                    .layer(new OutputLayer.Builder(new BCEWithLogitsLoss())
                            .activation(Activation.SIGMOID)
                            .nIn(SLOPES)
                            .nOut(1)
                            .build())
                    .setInputType(InputType.feedForward(SLOPES))
                    .build());
            network.init();
            network.fit(new DataSet(Nd4j.ones(DataType.DOUBLE, rows, SLOPES), Nd4j.ones(DataType.DOUBLE, rows, 1)));
        }

        /** What such a process prints. */
        static String inAnotherProcess(int rows) throws IOException, InterruptedException {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            PreluTraining.class.getName(),
                            Integer.toString(rows))
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
            process.waitFor();
            return printed;
        }
    }
}
