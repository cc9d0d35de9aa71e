/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.math.BigDecimal;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectorised exp, log and sums over odd sizes, against Java's StrictMath and exact sums. */
class VectorLoopsTest {
    private static final double[] SPECIAL = {
        Double.NEGATIVE_INFINITY,
        Double.NaN,
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
        -1e300
    };

    /** With fused multiply-add, where that is an instruction, and without. */
    private static final boolean[] FORMS =
            FusedMultiplyAdd.IS_FAST ? new boolean[] {true, false} : new boolean[] {false};

    private final FloatingBits bits = new FloatingBits();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 6, 7, 8, 13, 17, 33, 65, 207, 1023, 1024, 1025, 2048})
    void expIsWithinTwoUlpsAndOfNanNan(int n) {
        double[] x = numbers(n, SPECIAL, random -> -Math.abs(random.nextGaussian() * 20));
        for (boolean fused : FORMS) {
            double[] e = new double[n];
            new Exponential(fused, bits).of(x, e, n);
            // results below the normal numbers are 0
            assertNear(
                    "exp, fused " + fused,
                    x,
                    e,
                    number -> StrictMath.exp(number) < Double.MIN_NORMAL ? 0 : StrictMath.exp(number),
                    exact -> exact < 2 * Double.MIN_NORMAL ? 2 * Double.MIN_NORMAL : 2 * Math.ulp(exact));
        }
    }

    /** Beyond the limit it is not a number. */
    private static DoubleUnaryOperator expUpTo(double limit) {
        return number -> Math.abs(number) < limit ? StrictMath.exp(number) : Double.NaN;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 6, 7, 8, 13, 17, 33, 65, 207, 1025, 2048})
    void expOfModerateNumbersIsWithinTwoUlpsAndOfOthersNan(int n) {
        double[] edges = {0, -0.0, 177, -177, 1e-300, 179, -179, 1e300, -1e300, 1 / 0.0, -1 / 0.0, Double.NaN};
        double[] x = numbers(n, edges, random -> random.nextGaussian() * 30);
        for (boolean fused : FORMS) {
            double[] e = new double[n];
            new Exponential(fused, bits).ofModerate(x, e, n);
            assertNear("exp, fused " + fused, x, e, expUpTo(178), exact -> 2 * Math.ulp(exact));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 6, 7, 8, 13, 17, 33, 65, 207, 1025, 2048})
    void expInFloatIsWithinOneUlp(int n) {
        assumeThat(FusedMultiplyAdd.IS_FAST).isTrue();
        double[] edges = {0, -0f, 68, -68, 1e-38f, 71, -71, 1e38f, -1e38f, 1 / 0f, -1 / 0f, Float.NaN};
        double[] x = numbers(n, edges, random -> (float) Math.max(-68, Math.min(68, random.nextGaussian() * 20)));
        float[] e = new float[n];
        new FloatExponential(bits).ofModerate(floats(x), e, n);
        assertNear("exp in float", x, doubles(e), expUpTo(69), exact -> Math.ulp((float) exact));
    }

    private static float[] floats(double[] numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }

    private static double[] doubles(float[] numbers) {
        return IntStream.range(0, numbers.length).mapToDouble(i -> numbers[i]).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 8, 13, 33, 207, 1025, 2048})
    void logInFloatIsWithinTwoUlps(int n) {
        assumeThat(FusedMultiplyAdd.IS_FAST).isTrue();
        double[] edges = {
            1, Math.nextUp(1f), Math.nextDown(1f), Float.MIN_NORMAL, Float.MAX_VALUE, 0.70710677, 1.4142135f
        };
        double[] x = numbers(n, edges, random -> (float) Math.exp(random.nextGaussian() * 10));
        float[] log = floats(x);
        new FloatLogarithm(bits).of(log, log, n);
        assertNear(
                "log in float",
                doubles(floats(x)),
                doubles(log),
                StrictMath::log,
                exact -> 2 * Math.ulp((float) exact));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 8, 13, 33, 207, 1025, 2048})
    void twiceAtanhInFloatIsWithinTwoUlps(int n) {
        assumeThat(FusedMultiplyAdd.IS_FAST).isTrue();
        double[] edges = {0, 1 / 3f, 1e-38f, 1e-20f, 0.1f};
        double[] z = doubles(floats(numbers(n, edges, random -> random.nextDouble() / 3)));
        float[] log = floats(z);
        FloatLogarithm.twiceAtanh(log, n);
        assertNear(
                "log((1 + z) / (1 - z)) in float",
                z,
                doubles(log),
                x -> StrictMath.log1p(x) - StrictMath.log1p(-x),
                exact -> 2 * Math.ulp((float) exact));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 6, 7, 8, 13, 17, 33, 65, 207, 1025, 2048})
    void theShortExpHas46BitsAndIsNanBeyondAbout24(int n) {
        assumeThat(FusedMultiplyAdd.IS_FAST).isTrue();
        double[] edges = {0, -0.0, 23.9, -23.9, 1e-45, 24.1, -24.1, 1e38, -1e38, 1 / 0.0, -1 / 0.0, Double.NaN};
        double[] x = numbers(n, edges, random -> 47.8 * random.nextDouble() - 23.9);
        double[] e = new double[n];
        ShortExponential.of(x, e, n);
        assertNear("short exp", x, e, expUpTo(24), exact -> 0x1p-46 * exact);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 8, 13, 33, 207, 1025, 2048})
    void theLogarithmOfShortLogitsHas37Bits(int n) {
        assumeThat(FusedMultiplyAdd.IS_FAST).isTrue();
        double[] edges = {0, 0.5, 1e-300, 1e-17, Math.nextDown(0.5), 0.25};
        double[] u = numbers(n, edges, random -> 0.5 * Math.exp(-Math.abs(random.nextGaussian() * 20)));
        double[] log = u.clone();
        ShortLogits.logarithms(log, n);
        assertNear("-log(1 - u)", u, log, number -> -StrictMath.log1p(-number), exact -> 0x1p-37 * exact);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 8, 13, 33, 207, 1025, 2048})
    void logIsWithinTwoUlps(int n) {
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
        double[] x = numbers(n, edges, random -> Math.exp(random.nextGaussian() * (random.nextBoolean() ? 100 : .1)));
        for (boolean fused : FORMS) {
            Logarithm logarithm = new Logarithm(fused, bits);
            assertWithin(2, x, n, StrictMath::log, (in, out) -> logarithm.of(in, out, n));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 8, 13, 33, 207, 1025, 2048})
    void logOfOnePlusIsWithinTwoUlps(int n) {
        double[] edges = {0, 1, Double.MIN_VALUE, 1e-300, 1e-17, .5, Math.nextDown(1.0), 2, 1e17, 1e300};
        double[] x = numbers(n, edges, random -> Math.exp(random.nextGaussian() * 50));
        for (boolean fused : FORMS) {
            Logarithm logarithm = new Logarithm(fused, bits);
            assertWithin(2, x, n, StrictMath::log1p, (in, out) -> logarithm.ofOnePlus(in, out, n));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 8, 13, 33, 207, 1025, 2048})
    void softplusByTheInverseTangentIsWithinThreeUlps(int n) {
        double[] e = numbers(n, random -> Math.exp(-Math.abs(random.nextGaussian() * 50)));
        for (boolean fused : FORMS) {
            Logarithm logarithm = new Logarithm(fused, bits);
            assertWithin(3, e, n, StrictMath::log1p, (in, out) -> {
                for (int i = 0; i < n; i++) {
                    out[i] = in[i] / (2 + in[i]);
                }
                logarithm.twiceAtanh(out, n);
            });
        }
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

    private static void assertWithin(
            double ulps, double[] x, int n, DoubleUnaryOperator exact, BiConsumer<double[], double[]> loop) {
        double[] result = new double[n];
        loop.accept(x, result);
        assertNear("the result", x, result, exact, expected -> ulps * Math.ulp(expected));
    }

    /** As near as is allowed for the exact result, and not a number where that is none. */
    private static void assertNear(
            String what, double[] x, double[] results, DoubleUnaryOperator exact, DoubleUnaryOperator allowed) {
        for (int i = 0; i < x.length; i++) {
            double expected = exact.applyAsDouble(x[i]);
            double off = Math.abs(results[i] - expected);
            assertThat(Double.isNaN(expected) ? Double.isNaN(results[i]) : off <= allowed.applyAsDouble(expected))
                    .as("%s of %s: %s instead of %s", what, x[i], results[i], expected)
                    .isTrue();
        }
    }

    private static double[] numbers(int n, ToDoubleFunction<Random> draw) {
        Random random = new Random(n);
        double[] numbers = new double[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = draw.applyAsDouble(random);
        }
        return numbers;
    }

    /** The first are the edges, as many as there is room for. */
    private static double[] numbers(int n, double[] edges, ToDoubleFunction<Random> draw) {
        double[] numbers = numbers(n, draw);
        System.arraycopy(edges, 0, numbers, 0, Math.min(n, edges.length));
        return numbers;
    }
}
