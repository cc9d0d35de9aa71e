/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.PrintedSeed;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.grid.Configuration.Family;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Our error and torch's side by side, against results of 50 digits and more.
 *
 * <p>{@code -Dparity.accuracy.samples=N} makes the families larger, {@code -Dparity.seed=N} draws other numbers.
 */
class AccuracyTest {
    private static final ExactNumber ONE = new ExactNumber(BigDecimal.ONE, 1);
    private static final int SAMPLES = Integer.getInteger("parity.accuracy.samples", 400);
    private static final long SEED = PrintedSeed.of(AccuracyTest.class);
    private static final Path TABLE = Path.of("target", "accuracy.md");
    private static final List<Accuracy> MEASURED = new ArrayList<>();

    @Test
    void everyFamilyIsAtLeastAsNearToTheExactResultAsTorch() {
        measure(AccuracyCases.families(SAMPLES, SEED));
    }

    @Test
    void numbersOfClassesBesideTheWidthsOfVectorsAreAsAccurate() {
        measure(AccuracyCases.oddSizes(SAMPLES, SEED));
    }

    @Test
    void everyLossHasFamilies() {
        assertThat(AccuracyCases.families(1, SEED))
                .extracting(example -> example.family().split(",", 2)[0])
                .containsOnly(
                        Arrays.stream(Family.values()).map(Family::shortName).toArray(String[]::new));
    }

    private static void measure(List<AccuracyCase> cases) {
        Measurement measurement = new Measurement();
        cases.forEach(measurement::add);
        MEASURED.addAll(measurement.accuracies());
        assertThat(measurement.accuracies())
                .flatMap(Accuracy::violations)
                .as("results less accurate than promised, -Dparity.accuracy.samples=%s -Dparity.seed=%s", SAMPLES, SEED)
                .isEmpty();
    }

    @AfterAll
    static void report() throws IOException {
        if (MEASURED.isEmpty()) {
            return;
        }
        List<String> table = new ArrayList<>(List.of(Accuracy.header()));
        MEASURED.forEach(accuracy -> table.add(accuracy.row()));
        Files.write(TABLE, table);
        System.out.println("accuracy against exact results, -Dparity.accuracy.samples=" + SAMPLES + " -Dparity.seed="
                + SEED + "; each family: parity-tests/" + TABLE);
        AccuracySummary.of(MEASURED).forEach(System.out::println);
    }

    @Test
    void theSummaryHasTheLargestErrorsOfEachLoss() {
        Accuracy plain = new Accuracy("CE, C=2, N(0,1): mean", TorchType.FLOAT32);
        plain.add(1 + Math.ulp(1f), 1, ONE);
        Accuracy weighted = new Accuracy("CE, C=10, weights, N(0,1): loss", TorchType.FLOAT32);
        weighted.add(1, 1 + 3 * Math.ulp(1f), ONE);
        Accuracy gradient = new Accuracy("CE, C=2, N(0,1): gradient of mean", TorchType.FLOAT32);
        gradient.add(1, 1 + 2 * Math.ulp(1f), ONE);
        assertThat(AccuracySummary.of(List.of(plain, weighted, gradient)))
                .hasSize(3)
                .last()
                .isEqualTo("| CE | float32 | 3 | 1.00 | 3.00 | 0.00 | 2.00 |");
    }

    @Test
    void aLargerErrorThanTorchsIsReportedInFloat32() {
        Accuracy accuracy = new Accuracy("a family", TorchType.FLOAT32);
        accuracy.add(1 + 2 * Math.ulp(1f), 1 + Math.ulp(1f), ONE);
        assertThat(accuracy.violations()).singleElement().asString().contains("2.0 ulp, torch's 1.0");
    }

    @Test
    void moreThanFourUlpIsReportedInFloat32EvenWhereTorchIsWorse() {
        Accuracy accuracy = new Accuracy("a family", TorchType.FLOAT32);
        accuracy.add(1 + 5 * Math.ulp(1f), 2, ONE);
        assertThat(accuracy.violations()).singleElement().asString().contains("ours 1.00000059");
    }

    @Test
    void moreThanTorchAndFourUlpOfTheLargestTermIsReportedInFloat64() {
        Accuracy accuracy = new Accuracy("a family", TorchType.FLOAT64);
        accuracy.add(1 + 5 * Math.ulp(1.0), 1 + 4.5 * Math.ulp(1.0), ONE);
        assertThat(accuracy.violations()).hasSize(1);
        accuracy.add(1, 1 + 6 * Math.ulp(1.0), ONE);
        assertThat(accuracy.violations()).isEmpty();
    }
}
