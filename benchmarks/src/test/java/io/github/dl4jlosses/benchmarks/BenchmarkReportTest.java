/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.github.dl4jlosses.parity.report.Machine;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The benchmarks run and the report says what they measured; how long anything takes is nothing that a test can know. */
class BenchmarkReportTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, UTF_8);

    @TempDir
    private Path folder;

    @Test
    void theQuickFormMeasuresEveryContenderAndWritesTheReport() throws Exception {
        Path page = folder.resolve("docs").resolve("BENCHMARKS.md");
        Path raw = folder.resolve("raw");

        int status = run("--quick --losses kl --shapes 8x5,4x6,2x3x4 --networks mlp --out " + page + " --raw " + raw);

        assertThat(printed.toString(UTF_8)).contains("27 of 27", "left", page.toString());
        assertThat(status).isZero();
        Group losses = new Group(LossKind.KL, Dtype.FLOAT32, 1);
        Group networks = new Group(null, Dtype.FLOAT32, 1);
        assertThat(contenders(losses, raw)).containsExactlyInAnyOrderElementsOf(Contender.OF_LOSSES);
        assertThat(contenders(networks, raw)).containsExactlyInAnyOrderElementsOf(Contender.OF_NETWORKS);
        assertThat(Files.readString(page))
                .contains("| KL under log-softmax | 8x5 |", "| KL under log-softmax | 2x3x4 |", "| mlp | float32 | 1 |")
                .contains("torch / ours", "built-in / two calls", "ours / copy", "garbage", "call - pass")
                .contains(Environment.machine(), Machine.jdk(), "torch 2.", "-Dbenchmarks.args=\"--quick")
                .doesNotContain("NaN", "${");
        BufferedImage image = ImageIO.read(
                page.resolveSibling("images/benchmarks-float32-1.png").toFile());
        assertThat(image.getWidth()).isEqualTo(600);
        assertThat(image.getHeight()).isEqualTo(440);
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32-1", "float32-2", "float64-1", "float64-2"})
    void theCommittedPicturesHaveAChartForEachLoss(String name) throws IOException {
        BufferedImage image = ImageIO.read(
                Path.of("../docs/images/benchmarks-" + name + ".png").toFile());
        assertThat(image.getWidth()).isEqualTo(2 * 600);
        assertThat(image.getHeight()).isEqualTo((LossKind.values().length + 1) / 2 * 440);
    }

    private static List<Contender> contenders(Group group, Path raw) throws IOException {
        return BenchmarkMeasurement.read(group, raw.resolve(group.fileName() + ".json")).stream()
                .map(BenchmarkMeasurement::contender)
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void torchAndThisLibraryComputeTheSame(LossKind kind) {
        for (String shape : List.of("7x5", "2x3x4", "2x3x2x2", "300x400")) {
            BenchmarkCase numbers = new BenchmarkCase(kind, Shape.parse(shape), Dtype.FLOAT64.nd4j());
            double own = numbers.loss().value(numbers.input(), numbers.target());
            assertThat(new TorchCase(numbers).run(1)).as(shape).isCloseTo(own, withPercentage(1e-8));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--losses",
                "--losses mse",
                "--shapes 3",
                "--dtype float16",
                "--threads 0",
                "--networks cnn",
                "--fast"
            })
    void badOptionsAreExplained(String line) throws Exception {
        assertThat(run(line)).isEqualTo(2);
        assertThat(printed.toString(UTF_8)).contains("options: --losses A,B", "ce-weights");
    }

    private int run(String line) throws Exception {
        return BenchmarkReport.run(line.split(" ", -1), out);
    }
}
