/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.benchmarks.BenchmarkResults.Row;
import io.github.dl4jlosses.parity.report.Ink;
import io.github.dl4jlosses.parity.report.Machine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
    private static final Group GROUP = Group.of(LossKind.CE_INDEX, Dtype.FLOAT32, 1);
    private static final String[] OPTIONS = {"--losses", "ce-index", "--dtype", "float32", "--threads", "1"};

    private final List<BenchmarkMeasurement> measurements = new ArrayList<>();
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

        assertThat(printed.toString(UTF_8)).contains("52 of 52", "left", page.toString());
        assertThat(status).isZero();
        assertThat(contenders(Group.of(LossKind.KL, Dtype.FLOAT32, 1), raw))
                .containsExactlyInAnyOrderElementsOf(Contender.of(LossKind.KL))
                .contains(Contender.BUILT_IN);
        assertThat(contenders(Group.of(LossKind.MULTI_MARGIN, Dtype.FLOAT32, 1), raw))
                .containsExactlyInAnyOrderElementsOf(Contender.of(LossKind.MULTI_MARGIN))
                .doesNotContain(Contender.BUILT_IN);
        assertThat(contenders(Group.of(Part.SEQUENCES, Dtype.FLOAT32, 1), raw))
                .containsExactlyInAnyOrderElementsOf(Contender.OF_SEQUENCES);
        assertThat(contenders(Group.of(Part.NETWORKS, Dtype.FLOAT32, 1), raw))
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

    @ParameterizedTest
    @ValueSource(strings = {"float32-1", "float32-2", "float64-1", "float64-2"})
    void theCommittedPicturesHaveABarForEachLossOfTheirPage(String name) throws IOException {
        String page = Files.readString(Path.of("../docs/BENCHMARKS.md"));
        String picture = Files.readString(Path.of("../docs/images/benchmarks-" + name + ".svg"));
        for (LossKind kind : LossKind.values()) {
            assertThat(picture.contains(">" + kind.title() + "<"))
                    .as(kind.title())
                    .isEqualTo(page.contains("\n| " + kind.title() + " | 128x1000 |"));
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
                "--fast"
            })
    void badOptionsAreExplained(String line) throws Exception {
        assertThat(run(line)).isEqualTo(2);
        assertThat(printed.toString(UTF_8)).contains("options: --losses A,B", "ce-weights", "multi-label-margin");
    }

    private int run(String line) throws Exception {
        return BenchmarkReport.run(line.split(" ", -1), out);
    }

    /** All contenders for a shape: ours take 100 ns, the others 400, and torch's call has 10 passes. */
    private void measured(String shape, double torchLoop, double emptyLoop) {
        for (Contender contender : Contender.of(LossKind.CE_INDEX)) {
            double time = switch (contender) {
                case ONE_PASS, TWO_CALLS, VALUE_AND_GRADIENT -> 100;
                case TORCH_LOOP -> torchLoop;
                case TORCH_EMPTY_LOOP -> emptyLoop;
                default -> 400;
            };
            measurements.add(new BenchmarkMeasurement(GROUP, contender, shape, time, 0, 10));
        }
    }

    private List<Row> rows() {
        return new BenchmarkResults(measurements).losses(Dtype.FLOAT32, 1);
    }

    private static double torchToOurs(Row row) {
        return row.ratio(Contender.TORCH_LOOP, Contender.ONE_PASS);
    }

    private String page() {
        BenchmarkOptions options = BenchmarkOptions.parse(OPTIONS);
        return new BenchmarkPage(new BenchmarkResults(measurements), options, List.of(OPTIONS), Duration.ZERO, "0")
                .text(List.of());
    }

    @Test
    void aPassOfTorchIsTheCallWithoutWhatIsAroundThePasses() {
        measured("32x10", 10_000, 1000);

        assertThat(rows().get(0).time(Contender.TORCH_LOOP)).isEqualTo(900);
    }

    @Test
    void torchIsNotMeasuredWhereTheCallAroundThePassesIsALargePart() {
        measured("32x10", 10_000, 2001);

        assertThat(rows().get(0).time(Contender.TORCH_LOOP)).isNaN();
        assertThat(torchToOurs(rows().get(0))).isNaN();
    }

    @Test
    void meansLeaveOutWhatWasNotMeasured() {
        measured("32x10", 2000, 0);
        measured("64x10", 100, 200);
        measured("128x10", 8000, 0);

        assertThat(BenchmarkResults.geometricMean(rows(), BenchmarkReportTest::torchToOurs))
                .isEqualTo(4, within(1e-9));
        assertThat(BenchmarkResults.smallest(rows(), BenchmarkReportTest::torchToOurs))
                .isEqualTo(2, within(1e-9));
    }

    @Test
    void thePageListsWhereThisLibraryIsBehindEvenWhereTorchIsNotKnown() {
        measured("32x10", 100, 200);
        measured("64x10", 500, 0);
        measurements.replaceAll(
                m -> m.contender() == Contender.BUILT_IN && m.subject().equals("32x10")
                        ? new BenchmarkMeasurement(GROUP, Contender.BUILT_IN, "32x10", 50, 0, 0)
                        : m);

        assertThat(page())
                .contains(
                        "* CE, class indices, 32x10, float32, 1 thread: torch / ours -, built-in / two calls **0.50**")
                .contains(
                        "* CE, class indices, 64x10, float32, 1 thread: torch / ours **0.50**, built-in / two calls 4.00")
                .contains("Not known of torch in 1 of 2 rows.")
                .doesNotContain("NaN");
    }

    @Test
    void aPictureHasTheNameOfItsPage() throws Exception {
        measured("32x10", 100, 200);
        measured("64x10", 500, 0);
        BenchmarkOptions options = BenchmarkOptions.parse(
                "--out", folder.resolve("BENCHMARKS-jdk25.md").toString(), "--threads", "1");

        assertThat(BenchmarkPicture.write(new BenchmarkResults(measurements), options, folder))
                .containsExactly(folder.resolve("benchmarks-jdk25-float32-1.svg"));
    }

    @Test
    void aBarToTheLeftIsOfAnotherColourAndTheTitleCountsTheOthers() {
        String slower = BenchmarkPicture.svg("float32", List.of(new BenchmarkPicture.Bar("CE", "32x10", .5, 4)));
        assertThat(slower)
                .contains("0 of 1 faster than torch, 1 of 1 than DL4J's own", Ink.TORCH.hex(), Ink.OURS.hex());
        String unknown =
                BenchmarkPicture.svg("float32", List.of(new BenchmarkPicture.Bar("CE", "32x10", Double.NaN, 4)));
        assertThat(unknown).contains("0 of 0 faster than torch").doesNotContain(Ink.TORCH.hex());
    }
}
