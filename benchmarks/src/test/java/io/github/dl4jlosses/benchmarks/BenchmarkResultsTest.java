/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jlosses.benchmarks.BenchmarkResults.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What follows from measurements, and what the page says of it. */
class BenchmarkResultsTest {
    private static final Group GROUP = new Group(LossKind.CE_INDEX, Dtype.FLOAT32, 1);
    private static final String[] OPTIONS = {"--losses", "ce-index", "--dtype", "float32", "--threads", "1"};

    private final List<BenchmarkMeasurement> measurements = new ArrayList<>();

    /** All contenders for a shape: ours take 100 ns, the others 400, and torch's call has 10 passes. */
    private void measured(String shape, double torchLoop, double emptyLoop) {
        for (Contender contender : Contender.OF_LOSSES) {
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

        assertThat(BenchmarkResults.geometricMean(rows(), BenchmarkResultsTest::torchToOurs))
                .isEqualTo(4, within(1e-9));
        assertThat(BenchmarkResults.smallest(rows(), BenchmarkResultsTest::torchToOurs))
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
    void aPictureHasTheNameOfItsPage(@TempDir Path folder) throws Exception {
        measured("32x10", 100, 200);
        measured("64x10", 500, 0);
        BenchmarkOptions options = BenchmarkOptions.parse(
                "--out", folder.resolve("BENCHMARKS-jdk25.md").toString(), "--threads", "1");

        assertThat(BenchmarkPicture.write(new BenchmarkResults(measurements), options, folder))
                .containsExactly(folder.resolve("benchmarks-jdk25-float32-1.png"));
    }
}
