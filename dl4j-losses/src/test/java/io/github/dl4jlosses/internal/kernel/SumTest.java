/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every number of a run is added once, and none of those around it. */
class SumTest {
    private static final int BEFORE = 3;
    private static final int AFTER = 5;

    private final Sum sum = Workspace.sum();
    private final FloatSum floatSum = Workspace.ofThread().floatSum;

    /** Below, at and above what a loop, half a fold and a whole fold take. */
    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 127, 128, 129, 255, 256, 257, 511, 1023, 1024, 1025, 1500, 2305})
    void eachNumberCountsOnce(int n) {
        Random random = new Random(n);
        double[] values = new double[BEFORE + n + AFTER];
        float[] floats = new float[values.length];
        Arrays.fill(values, 1e9);
        Arrays.fill(floats, 1e9f);
        double expected = 0;
        for (int i = BEFORE; i < BEFORE + n; i++) {
            // small integers: no sum of them is rounded
            values[i] = 1 + random.nextInt(1000);
            floats[i] = (float) values[i];
            expected += values[i];
        }
        leaveSomethingBehind();

        assertThat(sum.of(values, BEFORE, n)).isEqualTo(expected);
        assertThat(floatSum.of(floats, BEFORE, n)).isEqualTo(expected);
    }

    /** What is small beside the sum is not lost to it one after the other. */
    @Test
    void longRunsLoseNothing() {
        int n = 1 << 20;
        double[] values = new double[n];
        float[] floats = new float[n];
        Arrays.fill(values, 0.1);
        Arrays.fill(floats, 0.1f);

        assertThat(sum.of(values, 0, n)).isCloseTo(0.1 * n, withinPercentage(1e-13));
        // a hundred or so are added up in float
        assertThat(floatSum.of(floats, 0, n)).isCloseTo((double) 0.1f * n, withinPercentage(1e-4));
    }

    /** Two ones are lost to the large number one after the other, and not once they have been added: the order is fixed. */
    @Test
    void runsUpTo128AreAddedAsTheyStandAndLongerOnesFolded() {
        double[] values = new double[129];
        values[0] = 0x1p53;
        values[4] = 1;
        values[68] = 1;

        assertThat(sum.of(values, 0, 128)).isEqualTo(0x1p53);
        assertThat(sum.of(values, 0, 129)).isEqualTo(0x1p53 + 2);
    }

    /** Likewise in float, where eight, or the four that are left, are added in pairs. */
    @Test
    void floatsAreAddedInPairsAndFoldedBeyond128() {
        float[] values = new float[129];
        values[0] = 0x1p24f;
        values[2] = 1;
        values[3] = 1;
        for (int n : new int[] {4, 7, 8, 12, 128}) {
            assertThat(floatSum.of(values, 0, n)).as("%d numbers", n).isEqualTo(0x1p24 + 2);
        }
        values[2] = 0;
        values[3] = 0;
        values[1] = 1;
        values[65] = 1;
        assertThat(floatSum.of(values, 0, 129)).isEqualTo(0x1p24 + 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 128, 129, 257, 1025})
    void infinityAndNanReachTheSum(int n) {
        for (int at = 0; at < n; at += 1 + n / 40) {
            for (double special : new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN}) {
                double[] values = new double[n];
                float[] floats = new float[n];
                values[at] = special;
                floats[at] = (float) special;

                assertThat(sum.of(values, 0, n)).isEqualTo((Double) special);
                assertThat(floatSum.of(floats, 0, n)).isEqualTo((Double) special);
            }
        }
    }

    private void leaveSomethingBehind() {
        double[] values = new double[1024];
        float[] floats = new float[1024];
        Arrays.fill(values, 7);
        Arrays.fill(floats, 7);
        sum.of(values, 0, values.length);
        floatSum.of(floats, 0, floats.length);
    }
}
