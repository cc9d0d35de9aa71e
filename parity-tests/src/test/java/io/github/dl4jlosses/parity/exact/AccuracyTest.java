/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.exact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Our error and torch's side by side, against results of 50 digits and more.
 *
 * <p>{@code -Dparity.accuracy.samples=N} makes the families larger, {@code -Dparity.seed=N} draws other numbers.
 */
class AccuracyTest {
    private static final int SAMPLES = Integer.getInteger("parity.accuracy.samples", 400);
    private static final long SEED = Long.getLong("parity.seed", 1);

    @Test
    void everyFamilyIsAtLeastAsNearToTheExactResultAsTorch() {
        measure(AccuracyCases.families(SAMPLES, SEED));
    }

    @Test
    void numbersOfClassesBesideTheWidthsOfVectorsAreAsAccurate() {
        measure(AccuracyCases.oddSizes(SAMPLES, SEED));
    }

    private static void measure(List<AccuracyCase> cases) {
        System.out.println("accuracy: -Dparity.accuracy.samples=" + SAMPLES + " -Dparity.seed=" + SEED);
        Measurement measurement = new Measurement();
        cases.forEach(measurement::add);
        System.out.println(Accuracy.header());
        measurement.accuracies().forEach(accuracy -> System.out.println(accuracy.row()));
        assertThat(measurement.accuracies())
                .flatMap(Accuracy::violations)
                .as("results less accurate than promised, -Dparity.accuracy.samples=%s -Dparity.seed=%s", SAMPLES, SEED)
                .isEmpty();
    }
}
