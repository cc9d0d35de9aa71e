/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UlpsTest {

    @Test
    void neighboursAreOneUlpApart() {
        assertThat(Ulps.distance(TorchType.FLOAT64, 1, Math.nextUp(1.0))).isOne();
        assertThat(Ulps.distance(TorchType.FLOAT32, 1, Math.nextUp(1f))).isOne();
        assertThat(Ulps.distance(TorchType.FLOAT16, 1, 1 + Math.scalb(1.0, -10)))
                .isOne();
        assertThat(Ulps.distance(TorchType.BFLOAT16, 1, 1 + Math.scalb(1.0, -7)))
                .isOne();
    }

    @Test
    void stepsAreCountedAcrossAPowerOfTwo() {
        assertThat(Ulps.distance(TorchType.FLOAT16, 1 - Math.scalb(1.0, -11), 1 + Math.scalb(1.0, -10)))
                .isEqualTo(2);
    }

    @Test
    void stepsAreCountedAcrossZero() {
        assertThat(Ulps.distance(TorchType.FLOAT64, -Double.MIN_VALUE, Double.MIN_VALUE))
                .isEqualTo(2);
        assertThat(Ulps.distance(TorchType.FLOAT64, -0.0, 0.0)).isZero();
    }

    @Test
    void subnormalNumbersJoinTheNormalOnes() {
        assertThat(Ulps.distance(TorchType.FLOAT32, 0, Float.MIN_NORMAL)).isEqualTo(1 << 23);
        assertThat(Ulps.distance(TorchType.FLOAT64, 0, Double.MIN_NORMAL)).isEqualTo(1L << 52);
    }

    @Test
    void bothNumbersAreRoundedToTheTypeFirst() {
        assertThat(Ulps.distance(TorchType.FLOAT32, 0.1, 0.1f)).isZero();
        assertThat(Ulps.distance(TorchType.FLOAT64, 0.1, 0.1f)).isGreaterThan(1_000_000);
    }

    @Test
    void nansAreEqualToEachOtherOnly() {
        assertThat(Ulps.distance(TorchType.FLOAT64, Double.NaN, Double.NaN)).isZero();
        assertThat(Ulps.distance(TorchType.FLOAT64, Double.NaN, 1)).isEqualTo(Ulps.INCOMPARABLE);
    }

    @Test
    void infinitiesAreFarFromEveryNumber() {
        double infinity = Double.POSITIVE_INFINITY;
        assertThat(Ulps.distance(TorchType.FLOAT64, infinity, infinity)).isZero();
        assertThat(Ulps.distance(TorchType.FLOAT64, infinity, -infinity)).isEqualTo(Ulps.INCOMPARABLE);
        assertThat(Ulps.distance(TorchType.FLOAT64, infinity, Double.MAX_VALUE)).isEqualTo(Ulps.INCOMPARABLE);
    }

    @Test
    void theLargestDistanceDoesNotOverflow() {
        assertThat(Ulps.distance(TorchType.FLOAT64, -Double.MAX_VALUE, Double.MAX_VALUE))
                .isEqualTo(Ulps.INCOMPARABLE);
        assertThat(Ulps.distance(TorchType.FLOAT32, -Float.MAX_VALUE, Float.MAX_VALUE))
                .isEqualTo(2L * Float.floatToIntBits(Float.MAX_VALUE));
    }

    @Test
    void anUlpIsThatOfTheTypeAndNeverBelowTheSubnormalSpacing() {
        assertThat(Ulps.size(TorchType.FLOAT32, 1)).isEqualTo(Math.ulp(1f));
        assertThat(Ulps.size(TorchType.FLOAT64, 1.5)).isEqualTo(Math.ulp(1.5));
        assertThat(Ulps.size(TorchType.FLOAT64, -1e300)).isEqualTo(Math.ulp(1e300));
        assertThat(Ulps.size(TorchType.FLOAT16, 1)).isEqualTo(0x1p-10);
        assertThat(Ulps.size(TorchType.BFLOAT16, 1)).isEqualTo(0x1p-7);
        assertThat(Ulps.size(TorchType.FLOAT32, 0)).isEqualTo(Float.MIN_VALUE);
        assertThat(Ulps.size(TorchType.FLOAT32, 1e-60)).isEqualTo(Float.MIN_VALUE);
        assertThat(Ulps.size(TorchType.FLOAT64, 0)).isEqualTo(Double.MIN_VALUE);
    }

    @ParameterizedTest
    @EnumSource(names = {"INT64", "BOOL"})
    void integersHaveNoUlps(TorchType type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ulps.distance(type, 1, 2))
                .withMessage(type + " is no floating-point type");
    }
}
