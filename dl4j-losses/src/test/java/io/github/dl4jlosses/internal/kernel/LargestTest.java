/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The largest number is found wherever it stands, and what is not of the run is not looked at. */
class LargestTest {
    private static final int BEFORE = 3;

    private final Largest largest = new Largest();

    /** Below and above what one loop, half a fold and a whole fold take. */
    @ParameterizedTest
    @ValueSource(
            ints = {1, 2, 3, 4, 5, 7, 63, 64, 65, 128, 255, 256, 257, 511, 1000, 1023, 1024, 1025, 1089, 2048, 2305})
    void itIsFoundAtEveryPlace(int n) {
        for (int place = 0; place < n; place++) {
            double[] values = surrounded(n, -7);
            values[BEFORE + place] = -3;

            assertThat(largest.of(values, BEFORE, n)).as("at %d", place).isEqualTo(-3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 64, 65, 300, 1024, 1500})
    void ofNothingButNegativeInfinityItIsThat(int n) {
        assertThat(largest.of(surrounded(n, Double.NEGATIVE_INFINITY), BEFORE, n))
                .isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65, 300, 1500})
    void itMayBeInfinite(int n) {
        double[] values = surrounded(n, 5);
        values[BEFORE + n - 1] = Double.POSITIVE_INFINITY;

        assertThat(largest.of(values, BEFORE, n)).isEqualTo(Double.POSITIVE_INFINITY);
    }

    /** A long run leaves its numbers in the working array. */
    @Test
    void nothingIsLeftOfTheRunBefore() {
        largest.of(surrounded(1024, 9), BEFORE, 1024);

        for (int n : new int[] {1, 64, 65, 100, 256, 300, 1000}) {
            assertThat(largest.of(surrounded(n, 2), BEFORE, n))
                    .as("%d numbers", n)
                    .isEqualTo(2);
        }
    }

    @Test
    void theRunIsNotChanged() {
        double[] values = surrounded(1500, 1);
        double[] copy = values.clone();

        largest.of(values, BEFORE, 1500);

        assertThat(values).isEqualTo(copy);
    }

    /** A run of equal numbers between larger ones. */
    private static double[] surrounded(int n, double value) {
        double[] values = new double[BEFORE + n + 5];
        Arrays.fill(values, 1e9);
        Arrays.fill(values, BEFORE, BEFORE + n, value);
        return values;
    }
}
