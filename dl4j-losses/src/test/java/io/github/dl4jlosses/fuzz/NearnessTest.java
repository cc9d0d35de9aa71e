/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.fuzz;

import static io.github.dl4jlosses.spec.plain.Nearness.isNear;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

/** What the fuzz and the proofs of its formulas take for right, and what they refuse. */
class NearnessTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @ParameterizedTest
    @EnumSource(names = {"DOUBLE", "FLOAT", "HALF", "BFLOAT16"})
    void anInfinityOrNaNIsOnlyItself(DataType type) {
        double[] others = {0, 1, -1, 1e5, 1e300, -1e300};
        double[] expected = {INFINITY, -INFINITY, Double.NaN};
        for (double wanted : expected) {
            for (double ours : expected) {
                assertThat(isNear(type, type, ours, wanted, 1))
                        .as("%s for %s", ours, wanted)
                        .isEqualTo(Double.compare(ours, wanted) == 0);
            }
            for (double ours : others) {
                assertThat(isNear(type, type, ours, wanted, 1))
                        .as("%s for %s", ours, wanted)
                        .isFalse();
            }
        }
        assertThat(isNear(type, type, Double.NaN, 1, 1)).isFalse();
        assertThat(isNear(type, type, INFINITY, 1, 1)).isFalse();
        assertThat(isNear(type, type, -INFINITY, 1, 1)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"HALF, 65520, 65519", "BFLOAT16, 3.3963e38, 3.3961e38", "FLOAT, 3.40282357e38, 3.40282356e38"})
    void whatIsTooLargeForADtypeBecomesTheInfinityOfItsSign(DataType result, double tooLarge, double fits) {
        assertThat(isNear(DataType.DOUBLE, result, INFINITY, tooLarge, 1)).isTrue();
        assertThat(isNear(DataType.DOUBLE, result, -INFINITY, -tooLarge, 1)).isTrue();
        assertThat(isNear(DataType.DOUBLE, result, -INFINITY, tooLarge, 1)).isFalse();
        assertThat(isNear(DataType.DOUBLE, result, INFINITY, fits, 1)).isFalse();
        assertThat(isNear(DataType.DOUBLE, DataType.DOUBLE, INFINITY, tooLarge, 1))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "DOUBLE, DOUBLE, 2e-13",
        "FLOAT, FLOAT, 2e-6",
        "FLOAT, DOUBLE, 2e-6",
        "DOUBLE, FLOAT, 0x1p-24",
        "HALF, HALF, 0x1p-11",
        "BFLOAT16, BFLOAT16, 0x1p-8"
    })
    void aFiniteNumberIsWithinTheRoundingOfTheLargestTerm(DataType type, DataType result, double bound) {
        for (double expected : new double[] {3, -3, 0}) {
            double off = bound * 5;
            assertThat(isNear(type, result, expected, expected, 5)).isTrue();
            assertThat(isNear(type, result, expected + .9 * off, expected, 5)).isTrue();
            assertThat(isNear(type, result, expected + 1.1 * off, expected, 5)).isFalse();
            assertThat(isNear(type, result, expected - 1.1 * off, expected, 5)).isFalse();
        }
        assertThat(isNear(type, result, -3, 3, 1)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"Infinity", "NaN"})
    void noBoundIsRefused(double bound) {
        assertThatThrownBy(() -> isNear(DataType.DOUBLE, DataType.DOUBLE, 1, 1, bound))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theSmallestNumberOfADtypeMayRoundToZero() {
        assertThat(isNear(DataType.DOUBLE, DataType.FLOAT16, 0, 0x1p-25, 0)).isTrue();
        assertThat(isNear(DataType.DOUBLE, DataType.FLOAT16, 0, 0x1p-23, 0)).isFalse();
        assertThat(isNear(DataType.DOUBLE, DataType.DOUBLE, 0, 0x1p-150, 0)).isFalse();
    }
}
