/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.PrintedSeed;
import io.github.dl4jlosses.spec.exact.ExactNumber;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Our error and torch's side by side, against results of 50 digits and more.
 *
 * <p>{@code -Dparity.accuracy.samples=N} makes the families larger, {@code -Dparity.seed=N} draws other numbers.
 */
class AccuracyTest {
    private static final ExactNumber DIFFERENCE_OF_20_AND_19 = new ExactNumber(BigDecimal.ONE, 20);
    private static final ExactNumber ONE = new ExactNumber(BigDecimal.ONE, 1);
    private static final int SAMPLES = Integer.getInteger("parity.accuracy.samples", 400);
    private static final long SEED = PrintedSeed.of(AccuracyTest.class);
    private static final Path TABLE = Path.of("target", "accuracy.md");
    private static final List<AccuracySeries> MEASURED = new ArrayList<>();

    @Test
    void everyFamilyIsAtLeastAsNearToTheExactResultAsTorch() {
        measure(AccuracyCases.families(SAMPLES, SEED));
    }

    @Test
    void numbersOfClassesBesideTheWidthsOfVectorsAreAsAccurate() {
        measure(AccuracyCases.oddSizes(SAMPLES, SEED));
    }

    private static void measure(List<AccuracyCase> cases) {
        AccuracyRun run = new AccuracyRun();
        cases.forEach(run::add);
        MEASURED.addAll(run.series());
        assertThat(run.series())
                .flatMap(AccuracySeries::violations)
                .as("results less accurate than promised, -Dparity.accuracy.samples=%s -Dparity.seed=%s", SAMPLES, SEED)
                .isEmpty();
    }

    @AfterAll
    static void report() throws IOException {
        if (MEASURED.isEmpty()) {
            return;
        }
        List<String> table = new ArrayList<>(List.of(AccuracySeries.header()));
        MEASURED.forEach(series -> table.add(series.row()));
        Files.write(TABLE, table);
        System.out.println("accuracy against exact results, -Dparity.accuracy.samples=" + SAMPLES + " -Dparity.seed="
                + SEED + "; each family: parity-tests/" + TABLE);
        AccuracyGroup.summary(MEASURED).forEach(System.out::println);
    }

    @Test
    void theSummaryHasTheLargestErrorsOfEachLoss() {
        AccuracySeries plain = series("CE, C=2", "mean", TorchType.FLOAT32);
        plain.add(1 + Math.ulp(1f), 1, ONE);
        AccuracySeries weighted = series("CE, weights, C=10", "loss", TorchType.FLOAT32);
        weighted.add(1, 1 + 3 * Math.ulp(1f), ONE);
        AccuracySeries gradient = series("CE, C=2", "gradient of mean", TorchType.FLOAT32);
        gradient.add(1, 1 + 2 * Math.ulp(1f), ONE);
        assertThat(AccuracyGroup.summary(List.of(plain, weighted, gradient)))
                .hasSize(3)
                .last()
                .isEqualTo("| CrossEntropyLoss | float32 | 3 | 1.00 | 3.00 | 0.00 | 2.00 |");
    }

    @Test
    void aLargerErrorThanTorchsIsReportedInFloat32() {
        AccuracySeries errors = series("a family", "mean", TorchType.FLOAT32);
        errors.add(1 + 2 * Math.ulp(1f), 1 + Math.ulp(1f), ONE);
        assertThat(errors.violations()).singleElement().asString().contains("2.0 ulp of the largest term, torch's 1.0");
    }

    @Test
    void moreThanFourUlpIsReportedInFloat32EvenWhereTorchIsWorse() {
        AccuracySeries errors = series("a family", "mean", TorchType.FLOAT32);
        errors.add(1 + 5 * Math.ulp(1f), 2, ONE);
        assertThat(errors.violations()).singleElement().asString().contains("ours 1.00000059");
    }

    /** 5 ulp of a result of 1 are a quarter of an ulp of its term, 20. */
    @Test
    void aDifferenceHasTheDigitsOfItsTermsInFloat32() {
        AccuracySeries digitsOfResult = series("a family", "mean", TorchType.FLOAT32);
        AccuracySeries digitsOfTerms =
                new AccuracySeries("PoissonNLLLoss", "a family", "N(0,1)", "mean", TorchType.FLOAT32, true);
        digitsOfResult.add(1 + 5 * Math.ulp(1f), 1 + 6 * Math.ulp(1f), DIFFERENCE_OF_20_AND_19);
        digitsOfTerms.add(1 + 5 * Math.ulp(1f), 1 + 6 * Math.ulp(1f), DIFFERENCE_OF_20_AND_19);
        assertThat(digitsOfResult.violations()).hasSize(1);
        assertThat(digitsOfTerms.violations()).isEmpty();
        digitsOfTerms.add(1 + 100 * Math.ulp(1f), 1 + 200 * Math.ulp(1f), DIFFERENCE_OF_20_AND_19);
        assertThat(digitsOfTerms.violations()).hasSize(1);
    }

    @Test
    void moreThanTorchAndFourUlpOfTheLargestTermIsReportedInFloat64() {
        AccuracySeries errors = series("a family", "mean", TorchType.FLOAT64);
        errors.add(1 + 5 * Math.ulp(1.0), 1 + 4.5 * Math.ulp(1.0), ONE);
        assertThat(errors.violations()).hasSize(1);
        errors.add(1, 1 + 6 * Math.ulp(1.0), ONE);
        assertThat(errors.violations()).isEmpty();
    }

    private static AccuracySeries series(String family, String result, TorchType type) {
        return new AccuracySeries("CrossEntropyLoss", family, "N(0,1)", result, type, false);
    }
}
