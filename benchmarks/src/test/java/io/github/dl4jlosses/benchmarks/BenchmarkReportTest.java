/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.parity.report.Machine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The benchmarks run and the report says what they measured; how long anything takes is nothing that a test can know. */
class BenchmarkReportTest {
    private static final JvmForm FORM = new JvmForm(Jdk.running(), false);

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, UTF_8);

    @TempDir
    private Path folder;

    @Test
    void theQuickFormMeasuresEveryContenderAndWritesTheReport() throws Exception {
        Path page = folder.resolve("docs").resolve("BENCHMARKS.md");
        Path raw = folder.resolve("raw");

        int status = run("--quick --losses kl,multi-margin --shapes 8x5,4x6f,2x3x4 --networks mlp --out " + page
                + " --raw " + raw);

        assertThat(printed.toString(UTF_8)).contains("48 of 48", "left", page.toString());
        assertThat(status).isZero();
        assertThat(contenders(Group.of(FORM, LossKind.KL, Dtype.FLOAT32, 1), raw))
                .containsExactlyInAnyOrderElementsOf(Contender.of(LossKind.KL))
                .contains(Contender.BUILT_IN);
        assertThat(contenders(Group.of(FORM, LossKind.MULTI_MARGIN, Dtype.FLOAT32, 1), raw))
                .isSubsetOf(Contender.of(LossKind.MULTI_MARGIN))
                .contains(Contender.TWO_CALLS)
                .doesNotContain(Contender.BUILT_IN, Contender.TORCH_CALL);
        assertThat(contenders(Group.of(FORM, Part.SEQUENCES, Dtype.FLOAT32, 1), raw))
                .containsExactlyInAnyOrderElementsOf(Contender.OF_SEQUENCES);
        assertThat(contenders(Group.of(FORM, Part.NETWORKS, Dtype.FLOAT32, 1), raw))
                .containsExactlyInAnyOrderElementsOf(Contender.OF_NETWORKS);
        assertThat(Files.readString(page))
                .contains("| KL under log-softmax | 8x5 |", "| KL under log-softmax | 2x3x4 |", "| mlp | float32 | 1 |")
                .contains("| Multi-margin | 8x5 |", "| 8x3x5x2 | float32 | 1 |")
                .doesNotContain("| Multi-margin | 2x3x4 |")
                .contains("torch / ours", "built-in / two calls", "ours / copy", "garbage", "call - pass")
                .contains(BenchmarkPage.machine(), Machine.jdk(), "torch 2.", "-Dbenchmarks.args=\"--quick")
                .doesNotContain("NaN", "${");
        assertThat(Files.readString(page.resolveSibling("images/benchmarks-float32-1.svg")))
                .contains(">KL under log-softmax<", ">8x5<", ">4x6f<", ">Multi-margin<", "float32, 1 thread")
                .doesNotContain("2x3x4", "NaN");
    }

    @Test
    void anotherFormIsMeasuredBesideTheFirstAndAWholeRunIsTakenOver() throws Exception {
        Path page = folder.resolve("BENCHMARKS.md");
        Path raw = folder.resolve("raw");
        String line = "--quick --losses mse --shapes 8x5,4x6f --vector no,yes --sequences none --networks none --out "
                + page + " --raw " + raw;

        assertThat(run(line)).isZero();
        JvmForm other = new JvmForm(Jdk.running(), true);
        assertThat(contenders(Group.of(other, LossKind.MSE, Dtype.FLOAT32, 1), raw))
                .containsExactlyInAnyOrderElementsOf(Contender.OF_FORMS);
        String written = Files.readString(page);
        assertThat(written).contains("## JDKs and the Vector API", "| " + other.title() + " |", "jdk.incubator.vector");
        assertThat(printed.toString(UTF_8)).contains("in 2 JVMs").doesNotContain("taken over");

        assertThat(run(line + " --resume yes")).isZero();
        assertThat(printed.toString(UTF_8)).contains("0 measurements in 0 JVMs", "taken over: 2 JVMs");
        assertThat(Files.readString(page)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32-1", "float32-2", "float64-1"})
    void theCommittedPicturesHaveABarForEachLossOfTheirTable(String name) throws IOException {
        String heading =
                "\n## " + name.replace("-1", ", 1 thread").replace("-2", ", 2 threads") + ": loss and gradient\n";
        String[] parts = Files.readString(Path.of("../docs/BENCHMARKS.md")).split(heading, -1);
        assertThat(parts).hasSize(2);
        String table = parts[1].split("\n## ", -1)[0];
        String picture = Files.readString(Path.of("../docs/images/benchmarks-" + name + ".svg"));
        for (LossKind kind : LossKind.values()) {
            assertThat(picture.contains(">" + kind.title() + "<"))
                    .as(kind.title())
                    .isEqualTo(table.contains("\n| " + kind.title() + " | 128x1000 |"));
        }
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
        for (String shape : List.of("7x5", "7x5f", "2x3x4", "2x3x2x2", "300x400")) {
            if (kind.takes(Shape.parse(shape))) {
                BenchmarkCase numbers = new BenchmarkCase(kind, Shape.parse(shape), Dtype.FLOAT64.nd4j());
                double own = numbers.loss().value(numbers.input(), numbers.target());
                assertThat(new TorchCase(numbers).loop().run(1)).as(shape).isCloseTo(own, withPercentage(1e-8));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNetworksCallIsOfTheSameLoss(LossKind kind) {
        BenchmarkCase numbers = new BenchmarkCase(kind, Shape.parse("7x6"), Dtype.FLOAT64.nd4j());
        TorchLoss loss = numbers.loss();
        double direct = loss.value(numbers.input(), numbers.target());

        double score =
                loss.computeScore(numbers.labels(kind.target()), numbers.preOutput(), kind.activation(), null, true);

        // a network's sum is over the numbers of a row, its mean over the rows
        assertThat(score).isCloseTo(direct, withPercentage(1e-8));
    }

    @ParameterizedTest
    @EnumSource
    void theContendersTrainOneNetworkFromOneScore(FitNetwork kind) {
        INDArray features = kind.features(DataType.FLOAT);
        INDArray labels = kind.labels(DataType.FLOAT);

        List<Double> scores = Contender.OF_NETWORKS.stream()
                .map(contender -> kind.network(contender, DataType.FLOAT))
                .map(network -> {
                    network.fit(features, labels);
                    return network.score();
                })
                .toList();

        assertThat(scores).allSatisfy(score -> assertThat(score).isCloseTo(scores.get(0), withPercentage(1e-3)));
    }

    @Test
    void torchAndThisLibraryAlignSequencesAlike() {
        SequenceCase numbers = new SequenceCase(Sequences.parse("9x3x4x3"), Dtype.FLOAT64.nd4j());

        double own = numbers.ours(numbers.input(), numbers.labels()).value();

        assertThat(numbers.loop().run(2)).isCloseTo(own, withPercentage(1e-8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--losses",
                "--losses hinge",
                "--shapes 3",
                "--shapes 2x3x4f",
                "--dtype float16",
                "--threads 0",
                "--networks gru",
                "--sequences 5x3x4x3",
                "--sequences 50x32x40",
                "--contenders nobody",
                "--vector maybe",
                "--jdks nowhere",
                "--fast"
            })
    void badOptionsAreExplained(String line) throws Exception {
        assertThat(run(line)).isEqualTo(2);
        assertThat(printed.toString(UTF_8)).contains("options: --losses A,B", "ce-weights", "multi-label-margin");
    }

    @Test
    void aJdkOfTheSameVersionIsRefused() throws Exception {
        assertThat(run("--jdks " + System.getProperty("java.home"))).isEqualTo(2);
        assertThat(printed.toString(UTF_8)).contains("--jdks needs other versions");
    }

    private int run(String line) throws Exception {
        return BenchmarkReport.run(line.split(" ", -1), out);
    }
}
