/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static io.github.dl4jlosses.parity.TorchType.BFLOAT16;
import static io.github.dl4jlosses.parity.TorchType.FLOAT16;
import static io.github.dl4jlosses.parity.TorchType.FLOAT32;
import static io.github.dl4jlosses.parity.TorchType.FLOAT64;
import static io.github.dl4jlosses.parity.Ulps.INCOMPARABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class UlpsTest {

    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @ParameterizedTest(name = "{0}: {2} and {3} in {1}")
    @MethodSource
    void aDistanceIsTheNumberOfSteps(String why, TorchType type, double a, double b, long steps) {
        assertThat(Ulps.distance(type, a, b)).isEqualTo(steps);
    }

    static Stream<Arguments> aDistanceIsTheNumberOfSteps() {
        return Stream.of(
                arguments("neighbours", FLOAT64, 1, Math.nextUp(1.0), 1),
                arguments("neighbours", FLOAT32, 1, Math.nextUp(1f), 1),
                arguments("neighbours", FLOAT16, 1, 1 + 0x1p-10, 1),
                arguments("neighbours", BFLOAT16, 1, 1 + 0x1p-7, 1),
                arguments("across a power of two", FLOAT16, 1 - 0x1p-11, 1 + 0x1p-10, 2),
                arguments("across zero", FLOAT64, -Double.MIN_VALUE, Double.MIN_VALUE, 2),
                arguments("across zero", FLOAT64, -0.0, 0.0, 0),
                arguments("subnormal numbers", FLOAT32, 0, Float.MIN_NORMAL, 1 << 23),
                arguments("subnormal numbers", FLOAT64, 0, Double.MIN_NORMAL, 1L << 52),
                arguments("rounded to the type first", FLOAT32, 0.1, 0.1f, 0),
                arguments("NaN is equal to itself only", FLOAT64, Double.NaN, Double.NaN, 0),
                arguments("NaN is equal to itself only", FLOAT64, Double.NaN, 1, INCOMPARABLE),
                arguments("infinity is far from others", FLOAT64, INFINITY, INFINITY, 0),
                arguments("infinity is far from others", FLOAT64, INFINITY, -INFINITY, INCOMPARABLE),
                arguments("infinity is far from others", FLOAT64, INFINITY, Double.MAX_VALUE, INCOMPARABLE),
                arguments("too many for a long", FLOAT64, -Double.MAX_VALUE, Double.MAX_VALUE, INCOMPARABLE),
                arguments("the largest of float32", FLOAT32, -Float.MAX_VALUE, Float.MAX_VALUE, 2L * 0x7f7f_ffff));
    }

    @Test
    void numbersOfFloat32AreFarApartInFloat64() {
        assertThat(Ulps.distance(FLOAT64, 0.1, 0.1f)).isGreaterThan(1_000_000);
    }

    @Test
    void anUlpIsThatOfTheTypeAndNeverBelowTheSubnormalSpacing() {
        assertThat(Ulps.size(FLOAT32, 1)).isEqualTo(Math.ulp(1f));
        assertThat(Ulps.size(FLOAT64, 1.5)).isEqualTo(Math.ulp(1.5));
        assertThat(Ulps.size(FLOAT64, -1e300)).isEqualTo(Math.ulp(1e300));
        assertThat(Ulps.size(FLOAT16, 1)).isEqualTo(0x1p-10);
        assertThat(Ulps.size(BFLOAT16, 1)).isEqualTo(0x1p-7);
        assertThat(Ulps.size(FLOAT32, 0)).isEqualTo(Float.MIN_VALUE);
        assertThat(Ulps.size(FLOAT32, 1e-60)).isEqualTo(Float.MIN_VALUE);
        assertThat(Ulps.size(FLOAT64, 0)).isEqualTo(Double.MIN_VALUE);
    }

    @ParameterizedTest
    @EnumSource(names = {"INT64", "BOOL"})
    void integersHaveNoUlps(TorchType type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ulps.distance(type, 1, 2))
                .withMessage(type + " is not a floating-point type");
    }
}
