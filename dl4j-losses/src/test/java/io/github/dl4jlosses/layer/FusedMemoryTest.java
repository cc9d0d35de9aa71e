/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.layer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.CrossEntropyLoss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The memory of an iteration, measured in processes of their own. DL4J's takes gigabytes. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class FusedMemoryTest {
    /** A full run has the sizes of the documents; inputs cost time alone, for the memory is that of the outputs. */
    private static final boolean FULL = Boolean.getBoolean("parity.full");

    private static final int EXAMPLES = FULL ? 4096 : 1024;
    private static final int INPUTS = FULL ? 512 : 64;

    private static final int OUTPUTS = 50_257;
    private static final int MINUTES = 8;

    @TempDir
    private Path folder;

    /** Fits once, and prints the score, and by how many megabytes the largest memory was above that of the network. */
    static final class Iteration {
        private Iteration() {}

        public static void main(String[] args) throws IOException {
            BaseOutputLayer layer = args[0].equals("fused")
                    ? new FusedOutputLayer.Builder(new CrossEntropyLoss())
                            .nIn(INPUTS)
                            .nOut(OUTPUTS)
                            .build()
                    : new OutputLayer.Builder(LossFunction.SPARSE_MCXENT)
                            .nIn(INPUTS)
                            .nOut(OUTPUTS)
                            .build();
            MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                    .seed(1)
                    .dataType(DataType.FLOAT)
                    .updater(new Sgd(.1))
                    .list(layer)
                    .build());
            network.init();
            INDArray features = Nd4j.randn(DataType.FLOAT, EXAMPLES, INPUTS);
            INDArray labels = Nd4j.arange(EXAMPLES).castTo(DataType.INT32).reshape(EXAMPLES, 1);
            long before = megabytes("VmRSS");
            network.fit(features, labels);
            System.out.printf("%.3f%n%d%n", network.score(), megabytes("VmHWM") - before);
        }

        private static long megabytes(String what) throws IOException {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(what))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void anIterationTakesAtMostAQuarterOfTheMemoryOfDl4jsLayer() throws Exception {
        List<String> fused = run("fused");
        List<String> dl4j = run("dl4j");
        System.out.printf("megabytes of an iteration beside the parameters: fused %s, DL4J's %s%n", fused, dl4j);

        assertThat(fused.get(0)).isEqualTo(dl4j.get(0));
        assertThat(4 * Long.parseLong(fused.get(1))).isLessThanOrEqualTo(Long.parseLong(dl4j.get(1)));
    }

    private List<String> run(String layer) throws IOException, InterruptedException {
        Path output = folder.resolve(layer + ".txt");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dorg.bytedeco.javacpp.maxbytes=16g",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                "-Dparity.full=" + FULL,
                "-cp",
                System.getProperty("java.class.path"),
                Iteration.class.getName(),
                layer);
        Process process = builder.redirectOutput(output.toFile())
                .redirectError(folder.resolve(layer + ".err").toFile())
                .start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES))
                    .as("ended in time")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isZero();
        List<String> lines = Files.readAllLines(output, UTF_8);
        return lines.subList(lines.size() - 2, lines.size());
    }
}
