/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jlosses.internal.kernel.FloatElementKernel.Run;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Loops in vector instructions and plain ones, against each other: the same bits. The build starts these tests with the module that they need. */
class FloatLoopsTest {
    private static final int[] SIZES = {1, 3, 63, 64, 65, 127, 1000, Workspace.CHUNK};
    private static final FloatFactor FACTOR = new FloatFactor(0.37);

    static Stream<FloatElementKernel> kernels() {
        return VectorApi.kernels().stream();
    }

    @Test
    void vectorLoopsAreThere() {
        assertThat(VectorApi.isThere()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void bothLoopsGiveTheSameBits(FloatElementKernel kernel) {
        for (int n : SIZES) {
            for (float magnitude : new float[] {0.01f, 1, 30}) {
                assertSameBits(kernel, inputs(n, magnitude, kernel), targets(n, magnitude, kernel), n);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void bothLoopsLeaveTheSameNumbersToDouble(FloatElementKernel kernel) {
        for (float special : new float[] {
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            1e30f,
            -1e30f,
            100,
            -100,
            0,
            -0f,
            Float.MIN_VALUE
        }) {
            float[] x = inputs(100, 1, kernel);
            x[17] = special;
            assertSameBits(kernel, x, targets(100, 1, kernel), 100);
            float[] t = targets(100, 1, kernel);
            t[17] = special;
            assertSameBits(kernel, inputs(100, 1, kernel), t, 100);
        }
    }

    static Stream<FloatSoftmaxKernel> rowKernels() {
        return VectorApi.rowKernels().stream();
    }

    @ParameterizedTest
    @MethodSource("rowKernels")
    void bothLoopsGiveTheSameBitsOfRows(FloatSoftmaxKernel kernel) {
        for (int n :
                new int[] {64, 65, 100, 127, 128, 200, 383, 384, 1000, FloatLoops.BLOCK, FloatLoops.BLOCK + 1, 2500}) {
            for (float magnitude : new float[] {0.01f, 1, 10}) {
                for (float special : new float[] {0, -10, Float.NaN, 1e30f, 80}) {
                    FloatTile vector = rows(n, magnitude, special);
                    FloatTile plain = rows(n, magnitude, special);
                    boolean isComputed = compute(kernel, vector, VectorApi.loops());
                    assertThat(isComputed)
                            .isEqualTo(special == 0)
                            .isEqualTo(compute(kernel, plain, PlainFloatLoops.LOOPS));
                    if (isComputed) {
                        assertThat(vector.loss).isEqualTo(plain.loss);
                        assertThat(vector.x).isEqualTo(plain.x);
                    }
                }
            }
        }
    }

    private static boolean compute(FloatSoftmaxKernel kernel, FloatTile tile, FloatLoops loops) {
        return kernel.compute(tile, 0.37, loops);
    }

    /** Of short ones more than a block of the loops takes. */
    private static FloatTile rows(int n, float magnitude, float special) {
        int rows = n < 384 ? 9 : 1;
        float[] x = numbers(rows * n, magnitude, 7);
        float[] y = numbers(rows * n, magnitude, 8);
        for (int i = 0; i < y.length; i++) {
            y[i] = Math.abs(y[i]);
        }
        if (special == 80) {
            x[n - 2] = special;
        } else {
            y[n - 2] = special;
        }
        FloatTile tile = FloatTile.ofRows(n, x, y, new boolean[rows], new double[rows], true, true);
        tile.rows = rows;
        return tile;
    }

    @Test
    void exponentialsAreTheSame() {
        float[] x = numbers(Workspace.CHUNK, 40, 9);
        float[] vector = new float[x.length];
        float[] plain = new float[x.length];
        float[] rest = new float[x.length];
        float[] plainRest = new float[x.length];
        VectorApi.loops().exponentials(x, vector, rest, x.length);
        PlainFloatLoops.LOOPS.exponentials(x, plain, plainRest, x.length);
        assertThat(rest).isEqualTo(plainRest);
        assertThat(vector).isEqualTo(plain);
        VectorApi.loops().exponentials(x, vector, x.length);
        PlainFloatLoops.LOOPS.exponentials(x, plain, x.length);
        assertThat(vector).isEqualTo(plain);
    }

    @Test
    void sumsAndTheirErrorsAreTheSame() {
        float[] terms = numbers(Workspace.CHUNK, 1, 10);
        float[][] vector = {numbers(Workspace.CHUNK, 100, 11), new float[Workspace.CHUNK]};
        float[][] plain = {vector[0].clone(), vector[1].clone()};
        VectorApi.loops().add(terms, vector[0], vector[1], terms.length);
        PlainFloatLoops.LOOPS.add(terms, plain[0], plain[1], terms.length);
        assertThat(vector).isDeepEqualTo(plain);
    }

    private static void assertSameBits(FloatElementKernel kernel, float[] x, float[] t, int n) {
        Run vector = Run.of(padded(x), padded(t), new float[Workspace.CHUNK], n);
        Run plain = Run.of(padded(x), padded(t), new float[Workspace.CHUNK], n);
        boolean isComputed = kernel.run(vector, VectorApi.loops(), FACTOR, Workspace.ofThread());
        assertThat(isComputed).isEqualTo(kernel.run(plain, PlainFloatLoops.LOOPS, FACTOR, Workspace.ofThread()));
        if (isComputed && isFinite(plain.losses, n)) {
            assertThat(Arrays.copyOf(vector.losses, n)).isEqualTo(Arrays.copyOf(plain.losses, n));
            assertThat(Arrays.copyOf(vector.x, n)).isEqualTo(Arrays.copyOf(plain.x, n));
        } else if (isComputed) {
            assertThat(isFinite(vector.losses, n)).isFalse();
        }
    }

    /** Others are computed again in double. */
    private static boolean isFinite(float[] losses, int n) {
        for (int i = 0; i < n; i++) {
            if (!Float.isFinite(losses[i])) {
                return false;
            }
        }
        return true;
    }

    private static float[] padded(float[] content) {
        return Arrays.copyOf(content, Workspace.CHUNK);
    }

    private static float[] inputs(int n, float magnitude, FloatElementKernel kernel) {
        float[] x = numbers(n, magnitude, 7);
        for (int i = 0; i < n && kernel instanceof FloatPoissonRates; i++) {
            x[i] = Math.abs(x[i]);
        }
        return x;
    }

    private static float[] targets(int n, float magnitude, FloatElementKernel kernel) {
        float[] t = numbers(n, magnitude, 8);
        for (int i = 0; i < n && kernel instanceof FloatLogits; i++) {
            t[i] = Math.min(Math.abs(t[i]), 1);
        }
        return t;
    }

    private static float[] numbers(int n, float magnitude, long seed) {
        Random random = new Random(seed);
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = (float) random.nextGaussian() * magnitude;
        }
        return numbers;
    }
}
