/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.benchmarks.BenchmarkResults.Row;
import io.github.dl4jlosses.parity.report.Ink;
import io.github.dl4jlosses.parity.report.Markdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page and its pictures say of measurements that are given here. */
class BenchmarkPageTest {
    private static final JvmForm PLAIN = new JvmForm(Jdk.running(), false);
    private static final JvmForm VECTOR = new JvmForm(Jdk.running(), true);
    private static final JvmForm NEXT = new JvmForm(new Jdk(Path.of("elsewhere"), 99, "JDK 99-ea, Nobody"), false);
    private static final Group GROUP = Group.of(PLAIN, LossKind.CE_INDEX, Dtype.FLOAT32, 1);
    private static final String[] OPTIONS = {"--losses", "ce-index", "--dtype", "float32", "--threads", "1"};

    private final List<BenchmarkMeasurement> measurements = new ArrayList<>();

    @TempDir
    private Path folder;

    private void measured(String shape, double torchLoop, double emptyLoop) {
        measured(GROUP, shape, 100, torchLoop, emptyLoop);
    }

    /** All contenders for a shape: two calls of ours take twice as long as one, the others 400 ns, and torch's call has 10 passes. */
    private void measured(Group group, String shape, double ours, double torchLoop, double emptyLoop) {
        for (Contender contender : Contender.of(LossKind.CE_INDEX)) {
            double time = switch (contender) {
                case ONE_PASS, VALUE_AND_GRADIENT -> ours;
                case TWO_CALLS -> 2 * ours;
                case TORCH_LOOP -> torchLoop;
                case TORCH_EMPTY_LOOP -> emptyLoop;
                default -> 400;
            };
            measurements.add(new BenchmarkMeasurement(group, contender, shape, time, 0, 10));
        }
    }

    private BenchmarkResults results() {
        return new BenchmarkResults(measurements, PLAIN, 60);
    }

    private List<Row> rows() {
        return results().losses(Dtype.FLOAT32, 1);
    }

    private String page() {
        return page(List.of(Jdk.running()), "no");
    }

    private String page(List<Jdk> jdks, String vector) {
        BenchmarkOptions given = BenchmarkOptions.parse(
                "--losses", "ce-index", "--dtype", "float32", "--threads", "1", "--vector", vector);
        BenchmarkOptions options = given.with(jdks);
        return new BenchmarkPage(
                        results(),
                        options,
                        List.of(OPTIONS),
                        new BenchmarkPage.Circumstances("2026-01-01", "a machine", "0", 61_000_000_000L),
                        List.of())
                .text();
    }

    private TargetTable targets(JvmForm... forms) {
        return TargetTable.of(results(), List.of(forms), new MissReasons(Map.of("built-in", "Because.")));
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
        assertThat(rows().get(0).torchToOurs()).isNaN();
    }

    @Test
    void meansLeaveOutWhatWasNotMeasured() {
        measured("32x10", 2000, 0);
        measured("64x10", 100, 200);
        measured("128x10", 8000, 0);

        assertThat(BenchmarkResults.geometricMean(rows(), Row::torchToOurs)).isEqualTo(4, within(1e-9));
        assertThat(BenchmarkResults.smallest(rows(), Row::torchToOurs)).isEqualTo(2, within(1e-9));
    }

    @Test
    void thePageBeginsWithWhatTheNumbersMean() {
        measured("32x10", 4000, 0);
        measured("64x10", 500, 0);
        measured("64x10f", 500, 0);
        measurements.replaceAll(
                m -> m.contender() == Contender.ONE_PASS && m.subject().equals("64x10f")
                        ? new BenchmarkMeasurement(GROUP, Contender.ONE_PASS, "64x10f", 250, 0, 0)
                        : m);

        assertThat(page())
                .contains("## In short")
                // 4, .5 and .2
                .contains("torch's kernels take 0.74 times our time** (mean, float32)")
                .contains("behind in 2 of 3 rows, most with CE, class indices, 64x10f, float32, 1 thread (0.20)")
                .contains("DL4J's own takes 2.00 times our time")
                .contains("A pre-output in order 'f', column by column, costs 2.50 to 2.50 times")
                .contains("a machine", "which took 1 min 1 s")
                .doesNotContain("NaN");
    }

    @Test
    void thePageCountsAndListsWhereThisLibraryIsBehindEvenWhereTorchIsNotKnown() {
        measured("32x10", 100, 200);
        measured("64x10", 500, 0);
        measurements.replaceAll(
                m -> m.contender() == Contender.BUILT_IN && m.subject().equals("32x10")
                        ? new BenchmarkMeasurement(GROUP, Contender.BUILT_IN, "32x10", 50, 0, 0)
                        : m);

        assertThat(page())
                .contains("| torch / one pass | 1 | 1 | CE, class indices, 64x10, float32, 1 thread (0.50) |")
                .contains(
                        "| DL4J's own / ours, two calls each | 2 | 1 | CE, class indices, 32x10, float32, 1 thread (0.25) |")
                .contains("DL4J's own / ours, two calls each:\n\n* CE, class indices: float32, 1 thread: 32x10 0.25\n")
                .contains("Torch's time is not known in 1 rows")
                .doesNotContain("NaN");
    }

    @Test
    void otherFormsAreComparedWithTheFirst() {
        measured("128x1000", 1000, 0);
        measured(GROUP.in(VECTOR), "128x1000", 25, 1000, 0);
        measured(GROUP.in(NEXT), "128x1000", 125, 1000, 0);
        measured(GROUP.in(new JvmForm(NEXT.jdk(), true)), "128x1000", 25, 1000, 0);

        assertThat(page(List.of(Jdk.running(), NEXT.jdk()), "no,yes"))
                .contains(
                        "`--add-modules jdk.incubator.vector` a pass is 4.00 to 5.00 times as fast",
                        "torch's kernels then take 4.00 times")
                .contains("**On JDK 99 a pass is 0.80 to 1.00 times as fast as on "
                        + Jdk.running().title())
                .contains("| JDK 99: the same on " + Jdk.running().title() + " / on this | 1 | 1 |")
                .contains("JDK 99-ea, Nobody", "-Dbenchmarks.jdks=/path/to/jdk-99")
                .contains("| CE, class indices | 128x1000 | 100 ns | 25.0 ns | 125 ns | 25.0 ns |")
                .doesNotContain("elsewhere");
    }

    @Test
    void aTargetIsMissedByOneRowByTooManyOrByTheMean() {
        for (int row = 1; row <= 10; row++) {
            measured(row + "x10", row == 1 ? 1200 : 2500, 0);
        }
        TargetVerdict torch = verdict("torch");
        assertThat(torch.worstNumber()).isEqualTo(1.2, within(1e-9));
        assertThat(torch.nineInTen()).isEqualTo(2.5, within(1e-9));
        assertThat(torch.holds()).isTrue();

        measured("11x10", 1200, 0);
        assertThat(verdict("torch").holds()).as("nine in ten").isFalse();
        assertThat(verdict("torch").missing()).isEmpty();
        assertThat(verdict("torch").missingOfNineInTen()).hasSize(2);

        measurements.clear();
        measured("32x10", 1900, 0);
        assertThat(verdict("torch").holds()).as("mean").isFalse();
        measured("64x10", 900, 0);
        assertThat(verdict("torch").missing()).extracting(Row::subject).containsExactly("64x10");
    }

    private TargetVerdict verdict(String key) {
        return Target.all().stream()
                .filter(target -> target.key().equals(key))
                .findFirst()
                .orElseThrow()
                .in(PLAIN, results());
    }

    @Test
    void whatMayBeSomeSizeAtMostIsMissedAboveIt() {
        measured("256x50257", 1000, 0);
        measured("4096x1000", 1000, 0);
        assertThat(verdict("copy-ce-50257").holds()).isTrue();

        measurements.replaceAll(m -> m.contender() == Contender.COPY
                ? new BenchmarkMeasurement(GROUP, Contender.COPY, m.subject(), 20, 0, 0)
                : m);
        assertThat(verdict("copy-ce-50257").worstNumber()).isEqualTo(5, within(1e-9));
        assertThat(verdict("copy-ce-50257").holds()).isFalse();
        assertThat(verdict("copy-ce-4096").holds()).isTrue();
    }

    @Test
    void aMissedTargetHasAnExplanationOrThePageSaysThatItLacksOne() {
        measured("32x10", 500, 0);

        TargetTable targets = targets(PLAIN);

        assertThat(targets.unexplained()).contains("torch").doesNotContain("built-in", "garbage");
        var text = new Markdown();
        targets.write(text);
        assertThat(text.toString())
                .contains("each >= 1, nine in ten >= 1.3, mean >= 2 | 1 | 0.50 | - | - | [**missed**](#missed-torch) |")
                .contains("### Missed: torch\n", TargetTable.NOT_EXPLAINED, "32x10 0.50")
                .containsPattern("### Missed: built-in\n\n.*\n\nBecause.\n");
    }

    @Test
    void explanationsAreOfTargets() {
        List<String> keys = Target.all().stream().map(Target::key).toList();

        assertThat(keys).doesNotHaveDuplicates();
        assertThat(MissReasons.read().byTarget().keySet()).isSubsetOf(keys);
        assertThat(MissReasons.parse("Before.\n## fit\n\nThe loss\nis small.\n\n## jdk\n")
                        .byTarget())
                .containsEntry("fit", "The loss\nis small.")
                .containsEntry("jdk", "");
    }

    @Test
    void theCommittedPageExplainsEachMiss() throws IOException {
        assertThat(Files.readString(Path.of("../docs/BENCHMARKS.md"))).doesNotContain(TargetTable.NOT_EXPLAINED);
    }

    @Test
    void aPictureHasTheNameOfItsPage() throws Exception {
        measured("32x10", 100, 200);
        measured("64x10", 500, 0);
        BenchmarkOptions options = BenchmarkOptions.parse(
                "--out", folder.resolve("BENCHMARKS-jdk25.md").toString(), "--threads", "1");

        assertThat(BenchmarkPicture.write(results(), options, folder))
                .containsExactly(
                        folder.resolve("benchmarks-jdk25-overview.svg"),
                        folder.resolve("benchmarks-jdk25-float32-1.svg"));
        assertThat(Files.readString(folder.resolve("benchmarks-jdk25-overview.svg")))
                .contains("CE, class indices", ">mean<", ">worst<", "0 of 2 faster than torch")
                .doesNotContain("NaN");
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
