/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectorised exp, log and sums over odd sizes, against Java's StrictMath and exact sums. */
class VectorLoopsTest {
    private static final double[] SPECIAL = {
        0,
        -0.0,
        -1e-300,
        -1e-17,
        -0.34,
        -0.35,
        -0.3466,
        -1,
        -700,
        -708.3,
        -708.4,
        -709,
        -745,
        -746,
        -1e4,
        -1e300,
        Double.NEGATIVE_INFINITY
    };

    private final Workspace workspace = Workspace.ofThread();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 6, 7, 8, 13, 17, 33, 65, 207, 1023, 1024, 1025, 2048})
    void expIsWithinTwoUlps(int n) {
        double[] x = numbers(n, random -> -Math.abs(random.nextGaussian() * 20));
        System.arraycopy(SPECIAL, 0, x, 0, Math.min(n, SPECIAL.length));
        double[] e = new double[n];
        workspace.exponential.of(x, e, n);
        for (int i = 0; i < n; i++) {
            double exact = StrictMath.exp(x[i]);
            // results below the normal numbers are 0
            double expected = exact < Double.MIN_NORMAL ? 0 : exact;
            double allowed = exact < 2 * Double.MIN_NORMAL ? 2 * Double.MIN_NORMAL : 2 * Math.ulp(exact);
            assertThat(Math.abs(e[i] - expected)).as("exp(%s) = %s", x[i], e[i]).isLessThanOrEqualTo(allowed);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 8, 2048})
    void expOfNanIsNanAndOfMinusInfinityZero(int n) {
        double[] x = numbers(n, random -> -1);
        x[n - 1] = Double.NaN;
        x[0] = Double.NEGATIVE_INFINITY;
        workspace.exponential.of(x, x, n);
        assertThat(x[n - 1]).isNaN();
        assertThat(x[0]).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 8, 13, 33, 207, 1025, 2048})
    void logIsWithinTwoUlps(int n) {
        double[] x = numbers(n, random -> Math.exp(random.nextGaussian() * (random.nextBoolean() ? 100 : .1)));
        double[] edges = {
            1,
            Math.nextUp(1.0),
            Math.nextDown(1.0),
            Math.sqrt(.5),
            Math.sqrt(2),
            .5,
            2,
            Double.MIN_NORMAL,
            Double.MAX_VALUE
        };
        System.arraycopy(edges, 0, x, 0, Math.min(n, edges.length));
        assertWithin(2, x, n, StrictMath::log, (in, out) -> workspace.logarithm.of(in, out, n));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 8, 13, 33, 207, 1025, 2048})
    void logOfOnePlusIsWithinTwoUlps(int n) {
        double[] x = numbers(n, random -> Math.exp(-Math.abs(random.nextGaussian() * 50)));
        double[] edges = {0, 1, Double.MIN_VALUE, 1e-300, 1e-17, .5, Math.nextDown(1.0)};
        System.arraycopy(edges, 0, x, 0, Math.min(n, edges.length));
        assertWithin(2, x, n, StrictMath::log1p, (in, out) -> workspace.logarithm.ofOnePlus(in, out, n));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 63, 64, 65, 255, 256, 257, 1023, 1024, 1025, 4098, 50257})
    void sumsLoseAFewUlpsOfTheirTermsAtMost(int n) {
        double[] x = numbers(n + 3, Random::nextDouble);
        BigDecimal exact = BigDecimal.ZERO;
        for (int i = 3; i < n + 3; i++) {
            exact = exact.add(new BigDecimal(x[i]));
        }
        double sum = Workspace.sum().of(x, 3, n);
        assertThat(Math.abs(sum - exact.doubleValue())).isLessThanOrEqualTo(8 * Math.ulp(exact.doubleValue()));
    }

    private interface Loop {
        void run(double[] in, double[] out);
    }

    private static void assertWithin(double ulps, double[] x, int n, DoubleUnaryOperator exact, Loop loop) {
        double[] result = new double[n];
        loop.run(x, result);
        for (int i = 0; i < n; i++) {
            double expected = exact.applyAsDouble(x[i]);
            assertThat(Math.abs(result[i] - expected))
                    .as("of %s: %s instead of %s", x[i], result[i], expected)
                    .isLessThanOrEqualTo(ulps * Math.ulp(expected));
        }
    }

    private interface Draw {
        double from(Random random);
    }

    private static double[] numbers(int n, Draw draw) {
        Random random = new Random(n);
        double[] numbers = new double[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = draw.from(random);
        }
        return numbers;
    }
}
