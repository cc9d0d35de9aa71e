/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The float form of BCE with logits: what it computes, and what it leaves to double. */
class FloatLogitsTest {
    private static final double SCALE = 0.37;
    private static final int N = 100;
    private static final int AT = 17;
    private static final float[] LOGITS = {
        0,
        -0f,
        Float.MIN_VALUE,
        1e-30f,
        0x1p-30f,
        0x1p-26f,
        0x1p-25f,
        0x1.8p-25f,
        0x1p-24f,
        0x1p-23f,
        1e-3f,
        0.5f,
        1,
        10,
        60
    };

    @BeforeAll
    static void hasTheForm() {
        assumeThat(FusedMultiplyAdd.IS_FAST).isTrue();
    }

    @Test
    void hardTargetsLoseNoDigitOfAResult() {
        for (float size : LOGITS) {
            for (float x : new float[] {size, -size}) {
                for (float y : new float[] {0, 1}) {
                    FloatTile tile = compute(filled(x), filled(y), true, true);
                    double t = y == 1 ? -x : x;
                    assertDigits(tile.losses[AT], Sigmoid.softplus(t), 2.5);
                    assertDigits(tile.x[AT], SCALE * (y == 1 ? -1 : 1) * Sigmoid.of(t), 2.5);
                }
            }
        }
    }

    private static void assertDigits(float actual, double expected, double ulps) {
        assertThat(Math.abs(actual - expected))
                .as("%s instead of %s", actual, expected)
                .isLessThanOrEqualTo(ulps * Math.ulp((float) expected));
    }

    @Test
    void softTargetsLoseNoDigitOfTheTerms() {
        Random random = new Random(5);
        for (int i = 0; i < 2000; i++) {
            float x = (float) random.nextGaussian() * 3;
            float y = random.nextFloat();
            FloatTile tile = compute(filled(x), filled(y), true, true);
            double negative = (1 - (double) y) * Sigmoid.of(x);
            double positive = y * Sigmoid.of(-x);
            float term = (float) (SCALE * Math.max(negative, positive));
            assertThat(Math.abs(tile.x[AT] - SCALE * (negative - positive))).isLessThanOrEqualTo(4 * Math.ulp(term));
            assertDigits(
                    tile.losses[AT], (1 - (double) y) * Sigmoid.softplus(x) + y * Sigmoid.softplus(-(double) x), 4);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 70, -70, 1e30f, -1e30f})
    void inputsThatNeedDoubleShowWhateverIsWanted(float x) {
        assertShows(x, 1);
        assertShows(x, 0.5f);
    }

    /** The smallest are those next to 0 and 1 whose difference from 1/2 float can tell from 1/2. */
    @ParameterizedTest
    @ValueSource(
            floats = {
                Float.NaN,
                Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY,
                -1,
                2,
                -1e-7f,
                1.0000001f,
                1e30f,
                -1e38f
            })
    void targetsThatNeedDoubleShowWhateverIsWanted(float y) {
        assertShows(0, y);
        assertShows(-3, y);
    }

    private static void assertShows(float input, float target) {
        float[] x = filled(1);
        float[] y = filled(1);
        x[AT] = input;
        y[AT] = target;
        for (boolean wantsLoss : new boolean[] {true, false}) {
            for (boolean wantsGradient : new boolean[] {true, false}) {
                FloatTile tile = compute(x.clone(), y.clone(), wantsLoss, wantsGradient);
                assertThat(tile.losses[AT]).isNaN();
                assertThat(Float.isFinite(tile.losses[AT + 1])).isTrue();
            }
        }
    }

    @Test
    void whatJudgesAGradientAloneIsFinite() {
        FloatTile tile = compute(filled(-60), filled(0.3f), false, true);
        for (int i = 0; i < N; i++) {
            assertThat(tile.losses[i]).isBetween(0f, 1f);
        }
    }

    @Test
    void theGradientIsTheSameWithoutLosses() {
        assertThat(compute(filled(2), filled(0.3f), false, true).x)
                .isEqualTo(compute(filled(2), filled(0.3f), true, true).x);
    }

    @Test
    void weightsOfElementsNeedDouble() {
        assertThat(new LogitsKernel(new double[] {2}, null).inFloat()).isNull();
        assertThat(new LogitsKernel(null, new double[] {2, 0}).inFloat()).isNotNull();
        assertThat(new LogitsKernel(null, null).inFloat()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 1e7, 1e-7, -1})
    void positiveWeightsThatMightCostDigitsNeedDouble(double weight) {
        assertThat(new LogitsKernel(null, new double[] {1, weight}).inFloat()).isNull();
    }

    @Test
    void fewElementsAreLeftToDouble() {
        FloatTile tile = FloatTile.ofElements(
                15, filled(1), filled(1), new boolean[1], new float[Workspace.padded(N)], true, true);
        tile.rows = 1;
        assertThat(new FloatLogits(null).compute(tile, SCALE)).isFalse();
    }

    private static FloatTile compute(float[] x, float[] y, boolean wantsLoss, boolean wantsGradient) {
        FloatTile tile =
                FloatTile.ofElements(N, x, y, new boolean[1], new float[Workspace.padded(N)], wantsLoss, wantsGradient);
        tile.rows = 1;
        assertThat(new FloatLogits(null).compute(tile, SCALE)).isTrue();
        return tile;
    }

    private static float[] filled(float value) {
        float[] numbers = new float[Workspace.padded(N)];
        Arrays.fill(numbers, value);
        return numbers;
    }
}
