/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of floats are added up as in double, and nothing that lies around them is. */
class RunningSumTest {
    private static final int AFTER = 70;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 63, 64, 65, 200, 255, 256, 257, 1000, 1024, 2047, 2048, 2049, 5000})
    void everyNumberCountsOnceAndNoneBehindThem(int n) {
        Random random = new Random(n);
        RunningSum sum = Workspace.runningSum();
        sum.add(run(3000, random), 3000);
        sum = Workspace.runningSum();
        BigDecimal exact = BigDecimal.ZERO;
        double sizes = 0;
        for (int length : new int[] {n, 1, n / 2, n}) {
            float[] run = run(length, random);
            for (int i = 0; i < length; i++) {
                exact = exact.add(new BigDecimal(run[i]));
                sizes += Math.abs(run[i]);
            }
            sum.add(run, length);
        }
        assertThat(sum.value()).isCloseTo(exact.doubleValue(), within(0x1p-44 * sizes));
    }

    /** Numbers of very different sizes, with something behind them. */
    private static float[] run(int n, Random random) {
        float[] run = new float[n + AFTER];
        for (int i = 0; i < run.length; i++) {
            run[i] = i < n ? (float) (random.nextGaussian() * Math.exp(8 * random.nextGaussian())) : 1e30f;
        }
        return run;
    }

    /** One after the other in float, all but the first would be lost. */
    @ParameterizedTest
    @ValueSource(ints = {2, 1000})
    void smallTermsAreNotLostBesideALargeOne(int runs) {
        RunningSum sum = Workspace.runningSum();
        for (int i = 0; i < runs; i++) {
            sum.add(new float[] {i == 0 ? 0x1p30f : 1}, 1);
        }
        assertThat(sum.value()).isEqualTo(0x1p30 + runs - 1);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE})
    void whatFloatCannotHoldShows(float special) {
        for (int at : new int[] {0, 100, 2047, 2500}) {
            RunningSum sum = Workspace.runningSum();
            float[] run = new float[3000];
            run[at] = special;
            sum.add(run, run.length);
            sum.add(run, run.length);
            assertThat(sum.value()).isNotFinite();
        }
    }
}
